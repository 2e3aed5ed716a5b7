// npm as a child of the running cell: its words as they come, its progress while it fetches, its failure in a sentence.
import { spawn } from 'node:child_process';
import { findNpm } from './find-npm.ts';
import { npmReason } from './npm-error.ts';

export interface NpmOptions {
  /** Where it runs. */
  readonly folder: string;
  /** What a failure's message begins with, such as `%npm install zod`. */
  readonly name: string;
  /** Told of each piece that is fetched. */
  readonly fetched?: (what: string) => void;
  /** Told lines of stdout and of stderr, npm's reports of what it fetches and its errors left out. */
  readonly line: (text: string, stream: 'stdout' | 'stderr') => void;
}

/** Resolves when npm has done what it was asked. Rejects with npm's reason, or that there is no npm. */
export function runNpm(words: readonly string[], { folder, name, fetched, line }: NpmOptions): Promise<void> {
  const npm = findNpm();
  if (npm === undefined)
    return Promise.reject(
      new Error(
        `${name}: there is no npm, neither on the PATH nor beside ${process.execPath}. It comes with Node.js from nodejs.org.`,
      ),
    );
  return new Promise((resolve, reject) => {
    const args = [...npm.args, ...words, ...(fetched ? ['--loglevel=http'] : [])];
    const child = spawn(npm.command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let errors = '';
    const out = lines((text) => line(text, 'stdout'));
    const err = lines((text) => {
      const found = /^npm http \w+ (.*)$/.exec(text)?.[1];
      if (found !== undefined) return fetched?.(pieceOf(found));
      if (/^npm (error|ERR!)/.test(text)) errors += `${text}\n`;
      else if (!/^npm notice/.test(text)) line(text, 'stderr');
    });
    child.stdout.setEncoding('utf8').on('data', out.take);
    child.stderr.setEncoding('utf8').on('data', err.take);
    child.once('error', (error) => reject(new Error(`${name}: ${error.message}`, { cause: error })));
    child.once('close', (code, signal) => {
      out.end();
      err.end();
      if (code === 0) return resolve();
      reject(
        new Error(
          `${name}: ${signal === null ? (npmReason(errors) ?? `npm ended with exit code ${code}`) : `npm was ended by ${signal}`}`,
        ),
      );
    });
  });
}

/** `zod-4.1.0.tgz`, `zod`: the end of what an address or a cache key names. */
function pieceOf(report: string): string {
  const address = /\b(https?:\/\/\S+)/.exec(report)?.[1];
  if (address === undefined) return report.split(' ')[0]!;
  const path = decodeURIComponent(new URL(address).pathname);
  return path.replace(/^\/(.*)\/-\/.*?([^/]+)$/, '$2').replace(/^\//, '');
}

function lines(line: (text: string) => void): { take(text: string): void; end(): void } {
  let rest = '';
  return {
    take(text) {
      const all = (rest + text).split('\n');
      rest = all.pop()!;
      all.forEach(line);
    },
    end() {
      if (rest !== '') line(rest);
      rest = '';
    },
  };
}
