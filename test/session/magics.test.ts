import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
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

test('an unknown magic names those that differ in a few letters', async () => {
  assert.match(errorOf(await session.run('%tiem f()')) ?? '', /^SyntaxError: %tiem is no magic. Near: %time, %timeit/);
  assert.match(errorOf(await session.run('%%htlm\n<b>')) ?? '', /^SyntaxError: %%htlm is no magic. Near: %%html/);
  assert.match(errorOf(await session.run('%qqqqqq')) ?? '', /^SyntaxError: %qqqqqq is no magic. %help lists them/);
});

test('%time runs code of the cell, gives its value and keeps its names; a promise is awaited', async () => {
  const ran = await session.run('%time const slow = await new Promise((done) => setTimeout(done, 20, 7))\nslow + 1');
  assert.equal(ran.value, '8');
  assert.match(ran.stdout, /^CPU: user .*, system .*, total .*\nWall: [\d.]+ m?s\n$/);
  assert.equal((await session.run('%time Promise.resolve(3)')).value, '3');
  assert.equal((await session.run('%%time\nlet whole = 4\nwhole * 2')).value, '8');
  assert.equal((await session.run('whole')).value, '4');
  assert.match(errorOf(await session.run('%time')) ?? '', /^SyntaxError: %time: code must follow/);
});

test('an error in the code of %time is told at its place in the cell', async () => {
  const places = [
    ['const before = 1\n%time before.x.y\n', 'In[N]:2:16'],
    ['const before = 1\n%time const = 1', 'In[N]:2:13'],
    ['%%time\n1\nthrow new Error("e")', 'In[N]:3:7'],
    ['%timeit -n 3 null!.x', 'In[N]:1:20'],
  ] as const;
  for (const [code, place] of places) {
    const { cell, result } = await session.run(code);
    assert.ok(result.status === 'error', code);
    const traceback = stripVTControlCharacters(result.error.traceback.join('\n'));
    assert.ok(traceback.includes(place.replace('N', `${cell}`)), traceback);
    assert.ok(traceback.includes(`| ${code.split('\n')[0]}`), traceback);
  }
});

test('%timeit tells the mean and the deviation of its runs', async () => {
  const fast = await session.run('%timeit -n 100 -r 3 Math.sqrt(2)');
  assert.match(fast.stdout, /^[\d.]+ .?s ± [\d.]+ .?s a loop \(mean ± deviation of 3 runs, 100 loops each\)\n$/);
  assert.equal(fast.value, undefined);
  assert.match((await session.run('%timeit -n 2 -r 1 await null')).stdout, /of 1 run, 2 loops each/);
  const counted = await session.run(
    'let calls = 0\nconst later = async () => { calls++ }\n%timeit -r 2 -n 5 later()\ncalls',
  );
  assert.equal(counted.value, '11');
  const chosen = await session.run('%timeit -r 1 await new Promise((done) => setTimeout(done, 60))');
  assert.match(chosen.stdout, /of 1 run, [25] loops each/);
});

test('%who lists names with types and short values, and runs no getter', async () => {
  await session.run('%reset');
  assert.equal((await session.run('%who')).value, 'No cell has declared a name yet.');
  await session.run(
    'const list = [1, 2], text = "a".repeat(500), model = new (class Model { get x(): never { throw new Error("ran") } })(), wide = tf.zeros([2, 3]); function twice(n: number) { return n }',
  );
  assert.deepEqual(
    (await session.run('%who')).value?.split('\n').map((line) => line.trimEnd()),
    [
      'name   type      value',
      'list   Array(2)  [ 1, 2 ]',
      'model  Model     Model {}',
      `text   string    "${'a'.repeat(58)}…`,
      'twice  function  [Function: twice]',
      'wide   Tensor    float32 [2, 3]',
    ],
  );
  assert.match((await session.run('%who list')).value ?? '', /^name.*\nlist .*$/);
  assert.match(errorOf(await session.run('%who lost')) ?? '', /^ReferenceError: %who: no cell has declared lost/);
});

test('%%writefile writes the cell, %load brings it back for the cell to hold', async () => {
  assert.equal((await session.run('%%writefile made/part.ts\nexport const part = 5')).stdout, 'wrote made/part.ts\n');
  assert.equal((await session.run('import { part } from "./made/part"; part')).value, '5');
  await session.run('%%writefile -a made/part.ts\nexport const more = 6\n');
  const { result } = await session.run('%load made/part.ts');
  assert.ok(result.status === 'ok');
  assert.equal(result.nextInput, '// %load made/part.ts\nexport const part = 5\nexport const more = 6');
  assert.match(errorOf(await session.run('%load nowhere.ts')) ?? '', /%load: there is no file nowhere\.ts/);
});

test('%%html and %%markdown show the cell as such', async () => {
  const shown = async (code: string) =>
    (await session.run(code)).outputs.flatMap((one) => ('data' in one ? [one.data] : []));
  assert.deepEqual(await shown('%%html\n<b>x</b>'), [{ 'text/plain': '<b>x</b>', 'text/html': '<b>x</b>' }]);
  assert.deepEqual(await shown('%%markdown\n# x'), [{ 'text/plain': '# x', 'text/markdown': '# x' }]);
});

test('%%bash runs the cell as a script, with arguments', async () => {
  const ran = await session.run('%%bash one two\necho "$2 $1"\nexit 3');
  assert.equal(ran.stdout, 'two one\n');
  assert.equal(errorOf(ran), 'Error: %%bash: ended with exit code 3');
});

test('%history lists cells by number', async () => {
  const { cell } = await session.run('"remembered"\n// twice');
  assert.equal((await session.run(`%history ${cell}`)).stdout, `${cell}  "remembered"\n    // twice\n`);
  assert.match((await session.run('%history')).stdout, /"remembered"/);
  assert.match(errorOf(await session.run('%history x')) ?? '', /^SyntaxError/);
});

test('magics and their arguments complete, and tell what they do at the cursor', async () => {
  const complete = async (code: string) =>
    (await session.client.complete(code, code.length)).items.map(({ text }) => text);
  await session.run('const completed = 1');
  await session.run('%%writefile folder/inner.ts\n1');
  assert.deepEqual(await complete('1\n%ti'), ['%time', '%timeit']);
  assert.deepEqual(await complete('%%ti'), ['%%time', '%%timeit']);
  assert.deepEqual(await complete('%npm in'), ['install', 'init -y']);
  assert.deepEqual(await complete('%who comp'), ['completed']);
  assert.deepEqual(await complete('%reset other comp'), ['completed']);
  assert.deepEqual(await complete('%load fol'), ['folder/']);
  assert.deepEqual(await complete('%load folder/'), ['folder/inner.ts']);
  assert.deepEqual(await complete('%help writ'), ['writefile']);
  assert.deepEqual(await complete('%time comple'), ['completed']);
  const told = await session.client.inspect('%timeit f()', 3, 0);
  assert.match(told?.data['text/plain'] ?? '', /^%timeit \[-n loops\] \[-r runs\] code\n\nRuns the code/);
});
