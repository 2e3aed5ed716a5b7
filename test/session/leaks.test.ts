// Memory of a session stays flat, whatever a cell does with its tensors.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkBackends } from '../../src/tensor/backends.ts';
import { TestSession } from './harness.ts';

/** Tensors of 4 MB that each loop loses: 800 MB, three times what may lie about. */
const lost = 200;
const loops = {
  'a synchronous loop under tidy': `for (let i = 0; i < ${lost}; i++) { tf.tidy(() => tf.ones([2 ** 20]).add(i)).dispose(); peak(); }`,
  'a loop that awaits settled promises': `for (let i = 0; i < ${lost}; i++) { await settled(tf.fill([2 ** 20], i)); peak(); }`,
  'a loop that awaits Promise.resolve': `for (let i = 0; i < ${lost}; i++) { tf.fill([2 ** 20], i); await Promise.resolve(i); peak(); }`,
  'a loop that awaits its own async function': `const step = async (i) => { tf.fill([2 ** 20], i); };
    for (let i = 0; i < ${lost}; i++) { await step(i); peak(); }`,
  'a loop that awaits timers': `for (let i = 0; i < ${lost}; i++) { tf.fill([2 ** 20], i); await new Promise((done) => setTimeout(done)); peak(); }`,
};

for (const { name: backend } of checkBackends().filter(({ name, available }) => available && name !== 'cpu')) {
  describe(`lost tensors on ${backend}`, () => {
    const session = new TestSession();

    for (const [form, code] of Object.entries(loops))
      it(`are freed in ${form}`, async () => {
        await session.run(`%backend ${backend}`);
        const { value, result, stderr } = await session.run(`
          let most = 0;
          const settled = (value) => Promise.resolve(value);
          const peak = () => { most = Math.max(most, tf.memory().numBytes); };
          ${code}
          most < 400 * 2 ** 20`);
        assert.equal(result.status, 'ok', stderr);
        assert.equal(value, 'true');
        assert.equal(stderr, '');
      });

    it('are warned of once in a synchronous loop, on its line, with tf.tidy', async () => {
      const { stderr } = await session.run(`let sum = 0;
for (let i = 0; i < 200; i++)
  sum += tf.fill([2 ** 20], i).size;`);
      assert.match(
        stderr,
        /^tensor: a loop in which the event loop does not turn .*, at In\[\d+\]:3:\d+\. Put its body into tf\.tidy/,
      );
      assert.equal(stderr.split('\n').filter(Boolean).length, 1, stderr);
      const again = await session.run('for (let i = 0; i < 100; i++) tf.fill([2 ** 20], i)');
      assert.equal(again.stderr, '');
    });

    it('do not add up over the re-runs of a cell that trains', async () => {
      const cell = `tf.setSeed(1);
        const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [8], units: 16, activation: 'relu' }), tf.layers.dense({ units: 1 })] });
        model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
        const [x, y] = [tf.randomNormal([32, 8]), tf.ones([32, 1])];
        const { history } = await model.fit(x, y, { epochs: 1, verbose: 0 });
        history.loss[0]`;
      const total = async () => /^(\d+) tensors/m.exec((await session.run('%memory')).value!)?.[1];
      const first = (await session.run(cell)).value;
      const after = await total();
      for (let i = 0; i < 59; i++) assert.equal((await session.run(cell)).value, first);
      assert.equal(await total(), after);
    });
  });
}
