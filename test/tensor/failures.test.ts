// What goes wrong is told with the op, what must hold and what came, on every backend, and the next operation works.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Rank } from '@tensorflow/tfjs-core';
import { found, tf } from './backends.ts';

const huge = [1e6, 1e6] as [number, number];

/** The operations of `tf` and of what it has them in, by their own names. */
function operations(): [string, (...given: unknown[]) => unknown][] {
  const { image, linalg, losses, signal, sparse, string } = tf;
  return [tf, image, linalg, losses, signal, sparse, string].flatMap((from) =>
    Object.entries(from).flatMap(([name, value]): [string, never][] =>
      typeof value === 'function' && value.name.endsWith('__op') ? [[name, value as never]] : [],
    ),
  );
}

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
  'a place that there is not': [
    () => tf.scatterND(tf.tensor2d([[100]], [1, 1], 'int32'), tf.tensor1d([5]), [3]),
    /^ScatterNd: .*\b3\b.*; got indices int32 \[1,1\]/,
  ],
  'a sum along an axis that there is not': [() => tf.cumprod(tf.scalar(1), 0), /^Cumprod: .*got 0; got x float32 \[\]/],
  'a permutation of another rank': [
    () => tf.transpose(tf.ones([2, 3]), [0, 1, 2]),
    /^Error in transpose: .*rank .*2.* Got float32 \[2,3\], \[0, 1, 2\]$/,
  ],
  'a choice by what is no condition': [
    () => tf.where(tf.ones([2]) as never, tf.ones([2]), tf.ones([2])),
    /'where' must be bool.*got float32.*; got float32 \[2\], float32 \[2\], float32 \[2\]$/,
  ],
  'a method of a disposed tensor': [
    () => {
      const gone = tf.ones([2, 3]);
      gone.dispose();
      return gone.matMul(gone);
    },
    /^matMul: the tensor has been disposed, float32 \[2,3\]$/,
  ],
  'an argument that is missing': [
    () => tf.tile(tf.ones([2]), undefined as never),
    /^tile: an argument is missing or of a wrong kind \(.*\); got float32 \[2\], undefined$/,
  ],
  'windows larger than an image': [
    () => tf.conv2d(tf.ones<Rank.R4>([1, 2, 2, 1]), tf.ones<Rank.R4>([4, 4, 1, 1]), 1, 'valid'),
    /^(Fused)?Conv2D: its windows span 4 places of an axis that has 2, .*got x float32 \[1,2,2,1\], filter/,
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
  'more zeros than there is memory': [() => tf.zeros(huge), /^zeros: out of memory: .*got \[1000000, 1000000\]$/],
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

    it('name the operation, whatever it is and whatever came', async () => {
      await tf.setBackend(backend);
      const given: Record<string, () => unknown> = {
        scalar: () => tf.scalar(1),
        matrix: () => tf.ones([2, 3]),
        images: () => tf.ones([1, 4, 4, 2]),
        ints: () => tf.tensor1d([7, -1], 'int32'),
        texts: () => tf.tensor1d(['a', 'b']),
        bools: () => tf.tensor1d([true, false]),
        complex: () => tf.complex([1, 2], [3, 4]),
        number: () => 9,
        numbers: () => [0, 5, 7],
      };
      const lists = Object.keys(given).flatMap((a) => [
        [a],
        ...Object.keys(given).flatMap((b) => [
          [a, b],
          [a, b, b],
        ]),
      ]);
      const unnamed = new Set<string>();
      for (const [name, operation] of operations())
        for (const list of lists) {
          try {
            tf.tidy(() => void operation(...list.map((one) => given[one]!())));
          } catch (error) {
            const { message } = error as Error;
            if (!message.toLowerCase().includes(name.replace(/\dd$/, '').toLowerCase()))
              unnamed.add(`${name}(${list}): ${message}`);
          }
        }
      assert.deepEqual([...unnamed], []);
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
