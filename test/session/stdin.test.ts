import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InputRequest } from '../../src/session/types.ts';
import { errorOf, type Ran, TestSession } from './harness.ts';

const session = new TestSession();

/** Runs a cell whose questions are answered by the lines, in order; gives what was asked, too. */
async function asked(code: string, ...lines: string[]): Promise<Ran & { prompts: string[] }> {
  const prompts: string[] = [];
  session.answer = async ({ prompt }: InputRequest) => {
    prompts.push(prompt);
    if (lines.length === 0) throw new Error('no more lines');
    return lines.shift()!;
  };
  return { ...(await session.run(code, { allowStdin: true })), prompts };
}

/** A person who has been asked and has not answered yet. */
function thinking(): { asked: Promise<void>; answer: (line: string) => void } {
  let answer: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const question = new Promise<void>((resolve) => {
    session.answer = () => {
      resolve();
      return line;
    };
  });
  return { asked: question, answer };
}

test('a question of readline/promises is asked with its text, and only when it is put', async () => {
  const ran = await asked(
    `import { createInterface } from 'node:readline/promises';
     import { setTimeout as sleep } from 'node:timers/promises';
     const rl = createInterface({ input: process.stdin, output: process.stdout });
     await sleep(30);
     const first = await rl.question('Name? ');
     await sleep(30);
     const second = await rl.question('Age? ');
     rl.close();
     [first, second]`,
    'Ada',
    '36',
  );
  assert.deepEqual(ran.prompts, ['Name? ', 'Age? ']);
  assert.equal(ran.value, "[ 'Ada', '36' ]");
  assert.equal(ran.stdout, '');
});

test('an interface that stays open asks nothing of later cells until one puts a question', async () => {
  assert.deepEqual(
    (
      await asked(
        `import * as promises from 'node:readline/promises'; const open = promises.createInterface({ input: process.stdin });`,
      )
    ).prompts,
    [],
  );
  assert.deepEqual((await asked('await new Promise((resolve) => setTimeout(resolve, 30)); 1')).prompts, []);
  const ran = await asked('await open.question("Now? ")', 'yes');
  assert.deepEqual([ran.prompts, ran.value], [['Now? '], "'yes'"]);
  assert.deepEqual((await asked('await new Promise((resolve) => setTimeout(resolve, 30)); open.close()')).prompts, []);
});

test('a question of readline with a callback keeps the cell open until the callbacks have run', async () => {
  const ran = await asked(
    `import * as readline from 'node:readline';
     { const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
       rl.question('One? ', (one) => rl.question('Two? ', (two) => { console.log(one + two); rl.close(); })); }`,
    'a',
    'b',
  );
  assert.deepEqual(ran.prompts, ['One? ', 'Two? ']);
  assert.equal(ran.stdout, 'ab\n');
});

test('lines come one question each, by for await over readline and by its line event', async () => {
  const loop = await asked(
    `{ const rl = readline.createInterface({ input: process.stdin });
       for await (const line of rl) { console.log('<' + line + '>'); if (line === 'end') break; } }`,
    'one',
    'zwei ü',
    'end',
  );
  assert.equal(loop.stdout, '<one>\n<zwei ü>\n<end>\n');
  assert.deepEqual(loop.prompts, ['', '', '']);
  const events = await asked(
    `{ const rl = readline.createInterface({ input: process.stdin });
       rl.on('line', (line) => { console.log(line); if (line === 'end') rl.close(); }); }`,
    'one',
    'end',
  );
  assert.equal(events.stdout, 'one\nend\n');
});

test('process.stdin gives lines to its data event and to for await, cell after cell', async () => {
  const data = await asked(
    `process.stdout.write('Who? ');
     String(await new Promise((resolve) => process.stdin.once('data', (chunk) => { process.stdin.pause(); resolve(chunk); })))`,
    'Ada',
  );
  assert.deepEqual([data.value, data.stdout, data.prompts], ["'Ada\\n'", 'Who? ', ['']]);
  for (const round of ['first', 'second']) {
    const loop = await asked(
      `{ let text = ''; for await (const chunk of process.stdin.setEncoding('utf8')) { text += chunk; if (text.endsWith('.\\n')) break; } console.log(text); }`,
      round,
      'end.',
    );
    assert.equal(loop.stdout, `${round}\nend.\n\n`);
  }
});

test('descriptor 0 is at its end', async () => {
  assert.equal((await asked(`import { readFileSync } from 'node:fs'; readFileSync(0, 'utf8')`)).value, "''");
});

test('without allow_stdin reading is an error of the cell that says so, awaited or not', async () => {
  const refused = 'Error: process.stdin: this front end does not take input (allow_stdin is false)';
  const codes = [
    `await promises.createInterface({ input: process.stdin }).question('x')`,
    `readline.createInterface({ input: process.stdin }).question('x', () => {})`,
    `for await (const chunk of process.stdin) {}`,
    `await new Promise((resolve) => process.stdin.once('data', resolve))`,
  ];
  for (const code of codes) assert.equal(errorOf(await session.run(code)), refused, code);
  assert.equal((await session.run('1 + 1')).value, '2');
});

test('an answer that fails is the error of what waits for it, which a cell may catch', async () => {
  const ran = await asked(
    `try { await promises.createInterface({ input: process.stdin }).question('x'); } catch (error) { console.log(error.message); }`,
  );
  assert.equal(ran.stdout, 'process.stdin: no more lines\n');
});

test('an interrupt ends the wait; the answer that comes after it is dropped, and the next question is another', async () => {
  for (const code of [
    `await promises.createInterface({ input: process.stdin }).question('x')`,
    `readline.createInterface({ input: process.stdin }).question('x', (line) => console.log(line))`,
    `for await (const line of readline.createInterface({ input: process.stdin })) console.log(line)`,
    `for await (const chunk of process.stdin) console.log(String(chunk))`,
    `void process.stdin.on('data', (chunk) => console.log(String(chunk)))`,
  ]) {
    const person = thinking();
    const running = session.run(code, { allowStdin: true });
    await person.asked;
    session.client.interrupt();
    const ran = await running;
    assert.equal(errorOf(ran), 'KeyboardInterrupt: The cell was interrupted.', code);
    person.answer('late');
    const next = await asked(
      `{ const rl = promises.createInterface({ input: process.stdin }); const line = await rl.question('y'); rl.close(); console.log(line); }`,
      'mine',
    );
    assert.deepEqual([next.stdout, next.prompts], ['mine\n', ['y']], code);
    assert.deepEqual(ran.outputs, [], code);
  }
});

test('prompt() works beside an open interface', async () => {
  const ran = await asked(
    `{ const rl = promises.createInterface({ input: process.stdin }); const a = await rl.question('a? '); const b = prompt('b? '); const c = await rl.question('c? '); rl.close(); console.log(a, b, c); }`,
    '1',
    '2',
    '3',
  );
  assert.deepEqual([ran.stdout, ran.prompts], ['1 2 3\n', ['a? ', 'b? ', 'c? ']]);
});
