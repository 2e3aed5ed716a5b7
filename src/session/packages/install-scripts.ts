// Which packages of a folder come with a script that npm would run when it installs them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Lock {
  readonly packages?: Readonly<Record<string, { readonly version?: string; readonly hasInstallScript?: boolean }>>;
}

/** `name@version` of each, by npm's own record of what it has laid out. */
export function packagesWithScripts(folder: string): Set<string> {
  const record = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return new Set();
  const { packages = {} } = JSON.parse(readFileSync(record, 'utf8')) as Lock;
  const found = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  return new Set(found.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`));
}
