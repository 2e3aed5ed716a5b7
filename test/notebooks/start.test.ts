// `npm start` in a copy of the project: all that is large is linked, so that nothing need be fetched or built again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
after(() => rmSync(folder, { recursive: true }));

/** Copies the project's own files into a fresh folder and links the rest, but for `without`. */
function copyProject(name: string, without: readonly string[] = []): string {
  const copy = join(folder, name);
  mkdirSync(join(copy, 'notebooks'), { recursive: true });
  cpSync(join(root, 'scripts'), join(copy, 'scripts'), { recursive: true, preserveTimestamps: true });
  for (const file of readdirSync(root))
    if (!['scripts', 'notebooks', 'build', '.git', ...without].includes(file))
      symlinkSync(join(root, file), join(copy, file));
  for (const file of readdirSync(join(root, 'notebooks')))
    symlinkSync(join(root, 'notebooks', file), join(copy, 'notebooks', file));
  return copy;
}

function start(copy: string, words: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(copy, 'scripts', 'start.js'), ...words], {
    env: { ...process.env, ...env },
  });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    error += text;
  });
  return new Promise<{ code: number | null; out: string; error: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out, error })),
  );
}

const few = ['-p', 'epochs=1', '-p', 'trainDigits=500', '-p', 'testDigits=200'];

test('with all there, it runs the quickstart at once, writes both files and says the accuracy and what is next', async () => {
  const copy = copyProject('whole');
  const { code, out, error } = await start(copy, few);
  assert.deepEqual([code, error], [0, '']);
  assert.doesNotMatch(out, /Installing|Built/);
  assert.match(out, /\nTest accuracy: \d+\.\d\d %\n\nLook at it {5}build.quickstart\.html/);
  assert.deepEqual(readdirSync(join(copy, 'build')).sort(), ['quickstart.html', 'quickstart.ipynb']);
});

test('a run that fails leaves no result of an earlier one', async () => {
  const copy = copyProject('failing');
  mkdirSync(join(copy, 'build'));
  cpSync(join(root, 'package.json'), join(copy, 'build', 'quickstart.html'));
  const { code, out } = await start(copy, ['-p', 'trainDigits=0']);
  assert.equal(code, 1);
  assert.doesNotMatch(out, /Look at it/);
  assert.match(readFileSync(join(copy, 'build', 'quickstart.html'), 'utf8'), /RangeError/);
});

test('without packages and without a network it says so', async () => {
  const copy = copyProject('offline', ['node_modules', 'app', 'dist']);
  const env = {
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_cache: join(folder, 'cache'),
    npm_config_fetch_retries: '0',
  };
  const { code, out, error } = await start(copy, [], env);
  assert.equal(code, 1);
  assert.match(out, /^Installing packages/);
  assert.match(error, /^npm install in .*offline ended with 1: the npm registry can’t be reached/);
});
