// Where npm is: on the PATH, or beside the Node that runs this, which a front end started from a desktop may not have on its PATH.
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A program and the arguments that come before npm's own. */
export interface NpmCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** `undefined` where there is none. */
export function findNpm(path = process.env.PATH ?? '', node = process.execPath): NpmCommand | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const found = process.platform === 'win32' ? script(folder, node) : program(join(folder, 'npm'));
    if (found) return found;
  }
  const home = dirname(existsSync(node) ? realpathSync(node) : node);
  return script(home, node) ?? script(join(home, '..', 'lib'), node);
}

function program(file: string): NpmCommand | undefined {
  return existsSync(file) ? { command: file, args: [] } : undefined;
}

/** npm's own program in a folder that has it as a package: no shell is needed to run it. */
function script(folder: string, node: string): NpmCommand | undefined {
  const file = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(file) ? { command: node, args: [file] } : undefined;
}
