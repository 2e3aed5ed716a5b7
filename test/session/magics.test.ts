import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, TestSession } from './harness.ts';

const session = new TestSession();

test('%help lists every magic, and one by its name', async () => {
  const all = await session.run('%help');
  for (const name of ['%help', '%log', '%reset', '%restart', '!command']) assert.ok(all.stdout.includes(name), name);
  assert.match((await session.run('%help reset')).stdout, /^%reset/);
});

test('an unknown magic names the near ones', async () => {
  assert.match(errorOf(await session.run('%rest')) ?? '', /^SyntaxError: %rest is no magic. Near: %reset, %restart/);
});

test('%reset forgets the names given, and gives a shadowed built-in back', async () => {
  await session.run('const fetch = 1, other = 2');
  await session.run('%reset fetch');
  assert.equal((await session.run('[typeof fetch, other]')).value, "[ 'function', 2 ]");
  assert.match(
    errorOf(await session.run('%reset nowhere')) ?? '',
    /^ReferenceError: %reset: no cell has declared nowhere/,
  );
});

test('%reset forgets every name', async () => {
  await session.run('const one = 1; let two = 2; function three() {}');
  await session.run('%reset');
  for (const name of ['one', 'two', 'three'])
    assert.match(errorOf(await session.run(name)) ?? '', /^ReferenceError/, name);
});

test('!command runs in the notebook folder, shows its output, and fails with its exit code', async () => {
  const pwd = await session.run('!pwd');
  assert.ok(pwd.stdout.trim().endsWith(session.folder.split('/').at(-1)!), pwd.stdout);
  const ran = await session.run('console.log("before")\n!echo one; echo two >&2; exit 4');
  assert.equal(ran.stdout, 'before\none\n');
  assert.equal(ran.stderr, 'two\n');
  assert.match(errorOf(ran) ?? '', /exit code 4/);
});
