// Other Nodes for the tests, from npm's packages of its binaries, kept under TENSORCELL_HOME and got once each.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

/** Pinned, so that a test fails for a change of ours. */
const VERSIONS = { 22: '22.23.3', 24: '24.21.0' };

/**
 * The path of a Node of another major version, 22 or 24 (40 MB to download at the first call, 120 on disk); undefined where it can't be
 * had, with the reason on stderr. Safe to call from several processes at once. Needs the build.
 */
export async function testNode(major) {
  const platform = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'].includes(platform)) {
    console.error(`no Node ${major} for the tests: there is no package of it for ${platform}`);
    return undefined;
  }
  // Not at the top: this file is there before the build is.
  const { tensorcellHome } = await import('../dist/src/home.js');
  const name = `node-${platform}`;
  const folder = join(tensorcellHome(), 'nodes', VERSIONS[major]);
  const program = join(folder, 'bin', 'node');
  if (existsSync(program)) return program;
  const making = `${folder}-${randomUUID().slice(0, 8)}`;
  try {
    await mkdir(making, { recursive: true });
    await npm(making, `${name}@${VERSIONS[major]}`);
    await rename(join(making, 'node_modules', name), folder);
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(program)) {
      console.error(`no Node ${major} for the tests: ${error.message}`);
      return undefined;
    }
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return program;
}

function npm(folder, wanted) {
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', ...quiet, wanted];
  const child = spawn('npm', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (words += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(words.trim().slice(0, 2000) || `npm ${code}`)),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  for (const major of Object.keys(VERSIONS)) console.log((await testNode(major)) ?? '');
}
