// A native call that blocks the main thread: no interrupt can end it, so it is named with its age, and only a second one ends the session.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chooseBackend } from '../../src/tensor/backends.ts';
import { errorOf, type Ran, TestSession, text } from './harness.ts';

/** Runs a cell, interrupts it once it has printed, and waits for the line that says why it goes on. */
async function blocked(session: TestSession, code: string): Promise<{ running: Promise<Ran>; line: string }> {
  const cell = session.next;
  const running = session.run(`console.log('begun');\n${code}`);
  await session.printed(cell, 'begun');
  await new Promise((resolve) => setTimeout(resolve, 50));
  session.client.interrupt();
  await session.printed(cell, 'has not ended this cell');
  return { running, line: text(session.outputsOf(cell), 'stdout').split('\n')[1]! };
}

test('a blocking native call is told of with its age; the cell ends with the call, and the variables stay', async () => {
  const session = new TestSession();
  const pipe = join(session.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await session.run('import { readFileSync } from "node:fs"; let kept = 1;');
  const { running, line } = await blocked(session, 'readFileSync("pipe"); kept = 2;');
  assert.match(
    line,
    /^The interrupt .*: it has been in a native call, which can't be interrupted, for more than 2 s\./,
  );
  // Somebody writes what it waits for.
  writeFileSync(pipe, 'x');
  assert.match(errorOf(await running)!, /^KeyboardInterrupt/);
  assert.equal((await session.run('kept')).value, '1');
});

test('a second interrupt ends the session, and the error says so', async () => {
  const session = new TestSession();
  execFileSync('mkfifo', [join(session.folder, 'pipe')]);
  const { running } = await blocked(session, 'require("node:fs").readFileSync("pipe")');
  session.client.interrupt();
  assert.match(
    errorOf(await running)!,
    /^SessionEnded: The second interrupt ended the session\. Its variables are gone/,
  );
  assert.equal((await session.run('1 + 1')).value, '2');
});

test('an op of TensorFlow’s library is named', {
  skip: chooseBackend().name === 'tensorflow' ? false : 'no library of TensorFlow',
}, async () => {
  const session = new TestSession();
  await session.run('const large = tf.ones([9000, 9000]);');
  const { running, line } = await blocked(session, 'large.matMul(large);');
  assert.match(line, /it has been in TensorFlow’s \w*MatMul, which can't be interrupted, for more than 2 s/);
  session.client.interrupt();
  assert.match(errorOf(await running)!, /^SessionEnded: The second interrupt/);
});

test('a loop in a compiled function is asked to end, and does; the cell ends as an interrupted one and the function works on', {
  skip: chooseBackend().name === 'tensorflow' ? false : 'no library of TensorFlow',
}, async () => {
  const session = new TestSession();
  const made = await session.run(`import { jit } from 'tensorcell';
    const layer = tf.layers.lstm({ units: 4 });
    layer.apply(tf.ones([1, 2, 1]));
    const compiled = jit((x: tf.Tensor) => layer.apply(x) as tf.Tensor, { xla: false });
    const short = compiled(tf.ones([1, 2, 1])).dataSync()[0];
    const endless = tf.ones([1, 5_000_000, 1]);`);
  assert.equal(errorOf(made), undefined);
  for (let turn = 0; turn < 2; turn++) {
    const cell = session.next;
    const running = session.run(`console.log('begun'); compiled(endless).dataSync();`);
    await session.printed(cell, 'begun');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    session.client.interrupt();
    assert.match(errorOf(await running)!, /^KeyboardInterrupt/);
    assert.equal((await session.run('compiled(tf.ones([1, 2, 1])).dataSync()[0] === short')).value, 'true');
  }
});
