// Memory of a session stays flat, whatever a cell does with its tensors.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { losingCell, losingLoops, trainingCell } from '../soak/tensors.ts';
import { backendsHere } from '../tensor/webgpu/vulkan.ts';
import { TestSession } from './harness.ts';

/** Tensors of 4 MB that each loop loses: 800 MB, three times what may lie about. `npm run soak tensors` loses 10,000. */
const lost = 200;

for (const backend of backendsHere().filter((name) => name !== 'cpu')) {
  describe(`lost tensors on ${backend}`, () => {
    const session = new TestSession();

    for (const [form, loop] of Object.entries(losingLoops))
      it(`are freed in a loop, ${form}`, async () => {
        await session.run(`%backend ${backend}`);
        const { value, result, stderr } = await session.run(losingCell(loop(lost)));
        assert.equal(result.status, 'ok', stderr);
        assert.ok(Number(value) < 400 * 2 ** 20, value);
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
      const total = async () => /^(\d+) tensors/m.exec((await session.run('%memory')).value!)?.[1];
      const first = (await session.run(trainingCell)).value;
      const after = await total();
      for (let i = 0; i < 59; i++) assert.equal((await session.run(trainingCell)).value, first);
      assert.equal(await total(), after);
    });
  });
}
