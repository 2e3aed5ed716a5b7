import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, TestSession, text } from './harness.ts';

const session = new TestSession();
const run = session.run.bind(session);

test('the last expression is the value, undefined is none', async () => {
  assert.equal((await run('1 + 1')).value, '2');
  assert.equal((await run('const a = 1')).value, undefined);
  assert.equal((await run('undefined')).value, undefined);
  assert.equal((await run('Promise.resolve("later")')).value, "'later'");
});

test('a cell that ends with a display shows it once, without the handle', async () => {
  const { outputs } = await run('display("shown");');
  assert.deepEqual(
    outputs.map(({ type }) => type),
    ['display'],
  );
  assert.equal((await run('const handle = display(1); handle.id.length > 0')).value, 'true');
});

test('prints, displays and the value of a cell come in order', async () => {
  const { outputs } = await run(`
    console.log('one');
    console.error('two');
    process.stdout.write('three\\n');
    console.log('four %d', 4);
    'five'`);
  const seen = outputs.map((output) =>
    output.type === 'stream'
      ? `${output.name} ${output.text}`
      : output.type === 'result'
        ? output.data['text/plain']
        : output.type,
  );
  assert.equal(
    seen.join('|').replaceAll('|stdout ', ''),
    "stdout one\n|stderr two\n|stdout three\nfour 4\n|'five'".replaceAll('|stdout ', ''),
  );
});

test('20,000 printed lines arrive whole, in order, before the cell ends', async () => {
  const { stdout } = await run('for (let i = 0; i < 20_000; i++) console.log(`line ${i}`)');
  assert.equal(stdout, Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''));
});

test('a 20 MB print arrives whole', async () => {
  const { stdout } = await run('console.log("ü".repeat(10_000_000))');
  assert.equal(stdout.length, 10_000_001);
});

test('a print inside a synchronous loop is live', async () => {
  const cell = session.next;
  const running = run(
    'console.log("a"); console.log("b"); console.log("c"); const until = Date.now() + 3000; while (Date.now() < until);',
  );
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  await session.printed(cell, 'c');
  assert.equal(ended, false, 'the last line of a burst came before the loop ended');
  session.client.interrupt();
  await running;
});

test('a child process and writes to descriptors land in the cell, before its end', async () => {
  const { stdout, stderr } = await run(`
    import { execSync, spawnSync } from 'node:child_process';
    import { writeSync } from 'node:fs';
    console.log('before');
    spawnSync('echo', ['from a child'], { stdio: 'inherit' });
    console.log('between');
    execSync('echo to stderr >&2');
    writeSync(1, 'by descriptor\\n');`);
  assert.match(stdout, /^before\nfrom a child\nbetween\n/);
  assert.match(stdout, /by descriptor\n/);
  assert.equal(stderr, 'to stderr\n');
});

test('a child that outlives its cell writes to the cell that started it', async () => {
  const first = await run(`
    import { spawn } from 'node:child_process';
    const child = spawn('sh', ['-c', 'sleep 0.3; echo late'], { stdio: 'inherit' });
    const ended = new Promise((resolve) => child.on('close', resolve));`);
  const second = await run('await ended; 7');
  assert.equal(second.value, '7');
  assert.equal(second.stdout, '');
  assert.equal(text(first.outputs, 'stdout'), 'late\n');
});

test('a timer prints in the cell that set it, also later', async () => {
  const first = await run('setTimeout(() => console.log("tick"), 50)');
  await run('await new Promise((resolve) => setTimeout(resolve, 150))');
  assert.equal(text(first.outputs, 'stdout'), 'tick\n');
});

test('a throw in a timer and an unhandled rejection are shown in their cell and end nothing', async () => {
  const first = await run('setTimeout(() => { throw new Error("late throw") }, 20); 1');
  const second = await run('void (async () => { await null; throw new Error("late rejection") })(); 2');
  await run('await new Promise((resolve) => setTimeout(resolve, 100))');
  const late = (ran: typeof first) =>
    ran.outputs.map((output) => (output.type === 'error' ? output.error.message : ''));
  assert.ok(late(first).includes('late throw'));
  assert.ok(late(second).includes('late rejection'));
  assert.equal((await run('3')).value, '3');
});

test('an error is data: its name, message and lines', async () => {
  const ran = await run('const before = 1;\nthrow new TypeError("no")');
  assert.equal(errorOf(ran), 'TypeError: no');
  assert.equal((await run('before')).value, '1');
});

test('user expressions are evaluated after the cell, each with its own error', async () => {
  const { result } = await run('const u = 20', {
    userExpressions: { good: 'u + 1', bad: 'nowhere', later: 'Promise.resolve(3)' },
  });
  assert.equal(result.status, 'ok');
  const expressions = result.status === 'ok' ? result.userExpressions : {};
  assert.equal(expressions.good?.status === 'ok' && expressions.good.data['text/plain'], '21');
  assert.equal(expressions.later?.status === 'ok' && expressions.later.data['text/plain'], '3');
  assert.equal(expressions.bad?.status === 'error' && expressions.bad.error.name, 'ReferenceError');
});

test('a silent cell shows no value and leaves no trace', async () => {
  await run('"kept"');
  const silent = await run('"unseen"', { silent: true, storeHistory: false });
  assert.equal(silent.value, undefined);
  assert.equal((await run('_')).value, "'kept'");
});

test('In, Out, _ and __ hold what was run and what came of it', async () => {
  const { cell } = await run('111');
  await run('222');
  assert.equal((await run('[_, __]')).value, '[ 222, 111 ]');
  assert.equal((await run(`[In[${cell}], Out[${cell}]]`)).value, "[ '111', 111 ]");
});

test('prompt asks the person, and says so where nobody can be asked', async () => {
  session.answer = async ({ prompt }) => `answer to ${prompt}`;
  assert.equal((await run('prompt("name? ")', { allowStdin: true })).value, "'answer to name? '");
  session.answer = async () => {
    throw new Error('the person has left');
  };
  assert.equal(errorOf(await run('prompt("name? ")', { allowStdin: true })), 'Error: the person has left');
  assert.match(errorOf(await run('prompt("name? ")')) ?? '', /does not take input/);
});

test('completion and inspection know names and members, and run no getter', async () => {
  await run(
    'const thing = { alpha: 1, get beta() { console.log("ran"); return 1 } }; function twice(n: number) { return 2 * n }',
  );
  const names = async (code: string) =>
    (await session.client.complete(code, code.length)).items.map(({ text }) => text);
  assert.deepEqual((await names('thing.')).slice(0, 2), ['alpha', 'beta']);
  assert.ok((await names('thi')).includes('thing'));
  assert.deepEqual(await names('thing.beta.'), []);
  assert.ok((await names('Math.sq')).includes('sqrt'));
  assert.ok((await names('%re')).includes('%reset'));
  const twice = await session.client.inspect('twice(3)', 2, 0);
  assert.match(twice?.data['text/plain'] ?? '', /twice\(n\)/);
  assert.match((await session.client.inspect('thing.alpha', 8, 0))?.data['text/plain'] ?? '', /1/);
  assert.equal(await session.client.inspect('nowhere', 3, 0), undefined);
  assert.equal((await run('0')).stdout, '');
});
