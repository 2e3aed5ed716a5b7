// Installs the real packages that tests import from cells, into a folder of its own under TENSORCELL_HOME, once for all clones. Quiet: says a
// word only when it installs. Install scripts stay off, as they are for those who install in a cell.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest = {
  private: true,
  dependencies: {
    '@duckdb/node-api': '1.5.6-r.1',
    'apache-arrow': '21.2.0',
    arquero: '8.0.3',
    d3: '7.9.2',
    danfojs: '1.2.0',
    lodash: '4.18.1',
    // Later ones come without their part for Node 20.
    'nodejs-polars': '0.24.1',
    zod: '4.6.7',
  },
  overrides: {
    // Later ones ask for a package that not every registry has.
    '@uwdata/flechette': '2.3.0',
    // danfojs names a version that is on no registry; and TensorFlow.js is the session's own whatever is installed.
    danfojs: { xlsx: '0.18.5', '@tensorflow/tfjs': 'npm:@tensorflow/tfjs-core@4.22.0' },
  },
};

/**
 * The folder whose `node_modules` has them.
 * @param {string} home TENSORCELL_HOME
 * @returns {string | undefined} undefined where they can't be had
 */
export function testPackages(home) {
  const text = JSON.stringify(manifest, null, 2);
  const folder = join(home, 'test-packages', createHash('sha256').update(text).digest('hex').slice(0, 12));
  if (existsSync(folder)) return folder;
  console.log('installing the packages that tests import from cells');
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  writeFileSync(join(aside, 'package.json'), text);
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const done = spawnSync('npm', args, { cwd: aside, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status === 0) renameSync(aside, folder);
  else
    console.log(
      `they can’t be installed: ${done.error?.message ?? (done.stderr.trim() || `npm ended with ${done.status}`)}`,
    );
  rmSync(aside, { recursive: true, force: true });
  return existsSync(folder) ? folder : undefined;
}
