// `npm test`: installs and builds what is missing, runs every test, and ends with one line of counts. With arguments: only the test files
// whose path holds one of them.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Reasons, as a skipped test gives them, that a machine may have, and what is then not tested. Another skip is a failure. */
const ALLOWED_SKIPS = {
  'root may write everywhere': 'errors of folders without permission',
  'no Python with Jupyter’s clients could be had': 'the outside suites',
  'the npm registry can’t be reached': 'what needs the packed project installed with its dependencies',
  'only root can run as another user': 'a package that its user may not write',
  'no python3 with a pty module': 'the prompt in a terminal',
  'no tmux on this machine': 'pictures through it',
  'ELF is Linux’s': 'libraries that are cut off or of another processor',
  'no Chromium on this machine': 'JupyterLab in a browser',
  'no Node 22 could be had': 'interrupts and the corpus under it',
  'no Node 24 could be had': 'interrupts and the corpus under it',
  'no library of TensorFlow': 'its kernels against the plain backend',
  'no packages of WebGPU': 'the WebGPU backend',
  'no software Vulkan': 'the WebGPU backend, which computes on the one that Chromium brings',
  'no Python with pip': 'getting TensorFlow’s library',
};

function testFiles() {
  const wanted = process.argv.slice(2);
  return readdirSync(join(root, 'dist', 'test'), { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .sort()
    .map((file) => join(root, 'dist', 'test', file));
}

/** Runs the files under node's test runner; resolves to its exit code and what it counted. */
function runTests(files) {
  return new Promise((resolve, reject) => {
    // Two at a time: that is what the smallest machine has cores for.
    const args = ['--test', '--test-concurrency=2', '--test-reporter=spec', ...files];
    // What tests leave behind goes with this; a package's user is another, who may come through. Short: sockets lie in it.
    const temporary = mkdtempSync(join(tmpdir(), 'tc-'));
    chmodSync(temporary, 0o1777);
    // No test writes to the history of the person who runs it.
    const env = { ...process.env, TMPDIR: temporary, TENSORCELL_HISTORY: 'off' };
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env });
    let tail = '';
    const skipped = [];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      process.stdout.write(text);
      tail = (tail + text).slice(-100_000);
      for (const line of text.split('\n')) if (/﹣ .*# /.test(line)) skipped.push(line.trim());
    });
    child.once('error', reject);
    child.once('close', (code) => {
      rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
      resolve({ code, counts: counts(tail), skipped });
    });
  });
}

function counts(output) {
  const count = (name) => Number(new RegExp(`ℹ ${name} (\\d+)`).exec(output)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail') + count('cancelled'), skipped: count('skipped') };
}

async function main() {
  const { install } = await import('./install.js');
  await install();
  const { build } = await import('./build.js');
  await build();
  const { testLibrary } = await import('./library.js');
  await testLibrary();
  const { testWebgpu } = await import('./webgpu.js');
  await testWebgpu();
  const files = testFiles();
  // Before the tests, which run two at a time and would both get them.
  if (files.some((file) => /packages|nodes/.test(file))) {
    const { testPackages } = await import('./packages.js');
    const { tensorcellHome } = await import('../dist/src/home.js');
    testPackages(tensorcellHome());
  }
  // Without a file, node's runner would look for tests by itself.
  if (files.length === 0) {
    console.error(`npm test: no test file's path holds ${process.argv.slice(2).join(' or ')}`);
    process.exitCode = 1;
    return;
  }
  const { code, counts: seen, skipped } = await runTests(files);
  const unlisted = skipped.filter((line) => !Object.keys(ALLOWED_SKIPS).some((allowed) => line.includes(allowed)));
  for (const line of unlisted) console.log(`a skip that is in no list: ${line}`);
  const failed = seen.failed + unlisted.length + (code !== 0 && seen.failed === 0 ? 1 : 0);
  console.log(`${seen.passed} passed, ${failed} failed${seen.skipped > 0 ? `, ${seen.skipped} skipped` : ''}`);
  process.exitCode = failed > 0 || seen.passed === 0 ? 1 : 0;
}

await main();
