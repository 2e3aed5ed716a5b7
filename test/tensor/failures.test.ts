// What goes wrong is told with the op, what must hold and what came, on every backend, and the next operation works.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { found, tf } from './backends.ts';

const huge = [1e6, 1e6] as [number, number];

/** What is tried, and what its error must say. */
const failures: Readonly<Record<string, readonly [() => unknown, RegExp]>> = {
  'a disposed input': [
    () => {
      const gone = tf.ones([2, 3]);
      gone.dispose();
      return tf.add(tf.ones([3]), gone);
    },
    /^Add: b has been disposed, float32 \[2,3\]$/,
  ],
  'a tensor that tidy has disposed': [
    () => {
      let kept = tf.scalar(0);
      tf.tidy(() => {
        kept = tf.scalar(1);
      });
      return kept.dataSync();
    },
    /disposed/,
  ],
  'shapes that do not broadcast': [
    () => tf.add(tf.ones([2, 3]), tf.ones([4])),
    /^Add: .*[gG]ot a float32 \[2,3\], b float32 \[4\]$/,
  ],
  'inner lengths that differ': [() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])), /inner .*3.* and .*2/],
  'an axis that there is not': [() => tf.sum(tf.ones([2]), 3), /\[-1, 1\).* axis 3/],
  'a shape of another size': [() => tf.reshape(tf.ones([2, 3]), [4, 2]), /6.*(8|4,2)/],
  'parts that do not fit together': [() => tf.stack([tf.ones([2]), tf.ones([3])]), /[Ss]hapes.*2.*3/],
  'a dtype that an op does not take': [
    () => tf.gather(tf.ones([3]), tf.tensor1d([0.5])),
    /'indices'.*int32.*got float32/,
  ],
  'an index that there is not': [
    () => tf.gather(tf.ones([3]), tf.tensor1d([5], 'int32')).dataSync(),
    /^GatherV2: .*5.*3|2\]/,
  ],
  'paddings of other axes': [
    () =>
      tf.pad(tf.ones([2]), [
        [1, 1],
        [1, 1],
      ]),
    /^PadV2: .*each of 1 axes, got \[\[1,1\],\[1,1\]\]; got x float32 \[2\]$/,
  ],
  'statistics of other channels': [
    () => tf.batchNorm(tf.ones([2, 3]), tf.ones([4]), tf.ones([4])),
    /^FusedBatchNorm: mean must broadcast.*\[1,1,2,3\], got \[4\]/,
  ],
  'more zeros than there is memory': [() => tf.zeros(huge), /^zeros: out of memory: .*got \[1000000,1000000\]$/],
  'a fill beyond all memory': [() => tf.fill(huge, 1), /^Fill: .*out of memory/],
  'a result beyond all memory': [() => tf.matMul(tf.ones([1e6, 1]), tf.ones([1, 1e6])), /out of memory/],
};

for (const backend of [...found.filter((name) => name !== 'webgpu'), 'cpu'])
  describe(`failures on ${backend}`, () => {
    for (const [name, [act, message]] of Object.entries(failures))
      it(`tell of ${name}`, async () => {
        await tf.setBackend(backend);
        assert.throws(
          () => tf.tidy(() => void act()),
          (error: Error) => {
            assert.match(error.message, message);
            return true;
          },
        );
        const { scopeStack, kernelDepth } = tf.engine().state as unknown as { scopeStack: []; kernelDepth: number };
        assert.deepEqual([scopeStack.length, kernelDepth], [0, 0]);
        assert.deepEqual([...tf.tidy(() => tf.add([1, 2], 1).dataSync())], [2, 3]);
      });

    describe('tf.enableDebugMode', () => {
      const { warn, log } = console;
      afterEach(() => {
        tf.env().set('DEBUG', false);
        Object.assign(console, { warn, log });
      });

      it('tells the kernel in whose result NaN comes up, refuses it in what is made, and goes on', async () => {
        await tf.setBackend(backend);
        const said: string[] = [];
        Object.assign(console, { warn: (text: string) => said.push(text), log: () => {} });
        tf.enableDebugMode();
        assert.match(said.join(), /Debugging mode is ON/);
        const x = tf.log(tf.tensor1d([1, -1]));
        const [, second] = await x.data();
        assert.ok(Number.isNaN(second));
        assert.match(said.join('\n'), /Found NaN in the result of 'Log'/);
        assert.throws(() => tf.tensor1d([1, Number.NaN]), /A tensor of type float32 being uploaded contains NaN/);
        assert.deepEqual([...(await tf.sqrt([4, 9]).data())], [2, 3]);
        tf.env().set('DEBUG', false);
        said.length = 0;
        await tf.log([-1]).data();
        assert.deepEqual(said, []);
      });
    });
  });
