// The `tensorflow` backend apart from what its kernels compute: dtypes in and out, moves between backends, memory, errors.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { found, tf } from '../backends.ts';

/** One tensor of each dtype. */
const samples: Record<string, () => Tensor> = {
  float32: () => tf.tensor([1.5, -2, Number.NaN, 0]),
  int32: () => tf.tensor([1, -2, 2 ** 31 - 1], [3], 'int32'),
  bool: () => tf.tensor([true, false], [2], 'bool'),
  complex64: () => tf.complex([1, 2], [-3, 4]),
  string: () => tf.tensor(['', 'é', 'a longer text than fits in place'], [3]),
  empty: () => tf.zeros([0, 3]),
  scalar: () => tf.scalar(7),
};

describe('the tensorflow backend', {
  skip: found.includes('tensorflow') ? false : 'no library of TensorFlow',
}, () => {
  beforeEach(() => tf.setBackend('tensorflow'));

  for (const [name, make] of Object.entries(samples)) {
    it(`gives values of ${name} back as they came, after a move to and from every backend`, async () => {
      const tensor = make();
      const before = tensor.dataSync();
      for (const other of [...found, 'cpu', 'tensorflow']) {
        await tf.setBackend(other);
        const copy = tf.tidy(() => tf.concat([tf.reshape(tensor, [-1]), tf.reshape(tensor, [-1])]));
        assert.deepEqual([...copy.dataSync()], [...before, ...before], other);
        await tf.setBackend('tensorflow');
        assert.deepEqual(tf.reshape(tensor, [-1, 1]).dataSync(), before, `from ${other}`);
      }
      tensor.dispose();
    });
  }

  it('frees what it made when tensors are disposed', () => {
    const { numDataIds } = tf.engine().backend;
    const count = () => numDataIds.call(tf.engine().backend);
    const before = count();
    tf.tidy(() => {
      const x = tf.ones([3, 4]);
      tf.layers.dense({ units: 2 }).apply(tf.softmax(tf.matMul(x, x, false, true)));
    });
    const x = tf.ones([4]);
    x.clone().dispose();
    tf.reshape(x, [2, 2]).dispose();
    x.dispose();
    tf.disposeVariables();
    assert.equal(count(), before);
  });

  it('names the operation, what TensorFlow says and the shapes that came', () => {
    const inputs = { a: tf.ones([2, 3]), b: tf.ones([4]) };
    assert.throws(() => tf.engine().runKernel('Add', inputs), {
      message: 'Add: Incompatible shapes: [2,3] vs. [4]; got a float32 [2,3], b float32 [4]',
    });
    assert.deepEqual([...tf.add(inputs.b, 1).dataSync()], [2, 2, 2, 2]);
  });

  it('says that memory ran out, and goes on', () => {
    assert.throws(() => tf.fill([2 ** 20, 2 ** 20, 2 ** 6], 1), /out of memory|too large|overflow|exhausted/i);
    assert.equal(tf.add(1, 1).dataSync()[0], 2);
  });

  it('refuses a tensor that was disposed', () => {
    const x = tf.ones([2]);
    x.dispose();
    assert.throws(() => tf.add(x, 1), /disposed/);
  });
});
