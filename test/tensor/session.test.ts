// Tensors in a real session: `tf` without an import, require as the very first thing, interrupts, memory, live trainings.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseBackend } from '../../src/tensor/backends.ts';
import { TestSession } from '../session/harness.ts';

/** What a session takes by itself. */
const best = chooseBackend().name;

/** Runs a cell and interrupts it once it has printed. */
async function interruptWhenPrinted(session: TestSession, code: string) {
  const cell = session.next;
  const running = session.run(code);
  await session.until(cell, (outputs) => outputs.some(({ type }) => type === 'stream' || type === 'display'));
  session.client.interrupt();
  return running;
}

describe('tf in a session', () => {
  const session = new TestSession();

  it('is required as the first thing of the first cell', async () => {
    const { result, value } = await session.run(`const own = require('@tensorflow/tfjs-node'); own.getBackend()`);
    assert.equal(result.status, 'ok');
    assert.equal(value, `'${best}'`);
  });

  it('is there without an import, and is the same', async () => {
    assert.equal((await session.run('own === tf')).value, 'true');
  });

  it('draws a tensor that a promise gives', async () => {
    const { value, stderr } = await session.run('Promise.resolve(tf.ones([2, 2]))');
    assert.ok(value!.startsWith(`Tensor float32 [2, 2] · 16 B · all 1 · ${best}\n`), value);
    assert.equal(stderr, '');
  });

  it('comes to rest when a loop inside tidy is interrupted, names kept', async () => {
    await session.run('const held = tf.ones([3]); const before = tf.memory().numTensors;');
    const stopped = await interruptWhenPrinted(
      session,
      `console.log('in'); tf.tidy(() => { for (;;) held.add(1).dispose(); })`,
    );
    assert.equal(stopped.result.status === 'error' && stopped.result.error.name, 'KeyboardInterrupt');
    assert.equal((await session.run('String(tf.engine().state.activeScope)')).value, "'null'");
    assert.equal((await session.run('held.sum().dataSync()[0]')).value, '3');
  });

  it('shows a training by itself; interrupted, it ends so, and the model trains again', async () => {
    await session.run(`
      const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const [x, y] = [tf.ones([64, 4]), tf.ones([64, 1])];`);
    const stopped = await interruptWhenPrinted(session, 'await model.fit(x, y, { epochs: 100000, batchSize: 1 })');
    assert.equal(stopped.result.status, 'error');
    const last = stopped.outputs.findLast(({ type }) => type === 'update_display' || type === 'display');
    assert.match(last && 'data' in last ? last.data['text/plain'] : '', /interrupted/i);
    const again = await session.run('await model.fit(x, y, { epochs: 2 })');
    assert.match(again.value!, /^History of 2 epochs/);
    assert.ok(again.outputs.some(({ type }) => type === 'display'));
    const quiet = await session.run('await model.fit(x, y, { epochs: 1, verbose: 0 })');
    assert.ok(!quiet.outputs.some(({ type }) => type === 'display'));
  });

  it('comes to rest when a recording is interrupted, and a loop of compiled steps, between two steps', {
    skip: best !== 'tensorflow' && 'no library of TensorFlow',
  }, async () => {
    await session.run(`
      import { jit } from 'tensorcell';
      const kept = tf.variable(tf.zeros([2]));
      const [left, right] = [tf.variable(tf.zeros([2])), tf.variable(tf.zeros([2]))];
      const tensors = tf.memory().numTensors;`);
    const endless = `console.log('in'); jit((x) => { for (;;) kept.assign(tf.add(kept, x)); })(tf.ones([2]));`;
    const recorded = await interruptWhenPrinted(session, endless);
    assert.equal(recorded.result.status === 'error' && recorded.result.error.name, 'KeyboardInterrupt');
    assert.equal(
      (await session.run('[tf.getBackend(), kept.dataSync()[0], tf.add(1, 2).dataSync()[0]].join()')).value,
      "'tensorflow,0,3'",
    );
    const looped = await interruptWhenPrinted(
      session,
      `const both = jit((x) => { left.assign(tf.add(left, x)); right.assign(tf.add(right, x)); });
       both(tf.ones([2]));
       console.log('in');
       for (const one = tf.ones([2]); ; ) both(one);`,
    );
    assert.equal(looped.result.status, 'error');
    assert.equal(
      (await session.run('left.dataSync()[0] > 1 && left.dataSync()[0] === right.dataSync()[0]')).value,
      'true',
    );
    const again = await session.run('await model.fit(x, y, { epochs: 2, verbose: 0 })');
    assert.match(again.value!, /^History of 2 epochs/);
  });

  it('gives the memory of lost tensors back while a cell awaits', async () => {
    const { value } = await session.run(`
      for (let i = 0; i < 200; i++) { await tf.ones([2 ** 20]).data(); }
      tf.memory().numBytes < 400 * 2 ** 20`);
    assert.equal(value, 'true');
  });

  it('says what went wrong in a kernel, on the line of the cell', async () => {
    const { result } = await session.run(`const a = tf.ones([2, 3]);\n\na.matMul(tf.ones([2, 3]));`);
    assert.equal(result.status, 'error');
    const text = result.status === 'error' ? result.error.traceback.join('\n') : '';
    assert.match(text, /inner/);
    assert.match(text, /3 │|:3:|line 3/);
  });
});
