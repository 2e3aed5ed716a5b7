// What is seen of tensors: on every backend, of large ones by a sample, without a trace left behind.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { sampleAxes } from '../../src/display/tensor-sample.ts';
import { describedNow, tensorFacts } from '../../src/tensor/describe.ts';
import { exactStatistics, lookNow } from '../../src/tensor/look.ts';
import { sampleOffsets, statistics } from '../../src/tensor/statistics.ts';
import { found, tf, values } from './backends.ts';

/** Numbers behind the scenes, which a look must not change. */
const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.backend().numDataIds()];

for (const backend of [...found, 'cpu']) {
  describe(`a look at tensors on ${backend}`, () => {
    it('tells figures and values, and leaves nothing behind', async () => {
      await tf.setBackend(backend);
      const x = values([40, 50]).add(0);
      const all = Array.from(x.dataSync());
      const before = counts();
      const { facts, sample } = await tensorFacts(x);
      assert.deepEqual(facts.statistics, { ...statistics(Float32Array.from(all)) });
      assert.equal(facts.backend, backend);
      const axes = sampleAxes([40, 50]);
      const want = axes[0]!.flatMap((row) => axes[1]!.map((column) => all[row * 50 + column]));
      assert.deepEqual(Array.from(sample!.values as number[]), want);
      assert.deepEqual(describedNow(x), { facts, sample });
      assert.deepEqual(counts(), before);
    });

    it('samples beyond its budget, and counts what is not finite in proportion', async () => {
      await tf.setBackend(backend);
      const x = tf.tensor(Float32Array.from({ length: 200_000 }, (_, i) => (i % 10 === 0 ? Number.NaN : i % 7)));
      const { statistics: figures } = lookNow(x, [[0, 199_999]], 1000);
      assert.ok(figures!.sampled! < 20_000);
      assert.deepEqual([figures!.min, figures!.max], [0, 6]);
      assert.ok(Math.abs(figures!.nan - 20_000) < 2500, `${figures!.nan}`);
      assert.equal(exactStatistics(x).nan, 20_000);
      x.dispose();
    });

    it('reads complex numbers, bools and texts', async () => {
      await tf.setBackend(backend);
      assert.equal((await tensorFacts(tf.complex([3, 0], [4, 1]))).facts.statistics?.max, 5);
      assert.equal((await tensorFacts(tf.tensor([true, false, true]))).facts.statistics?.max, 1);
      const { facts, sample } = await tensorFacts(tf.tensor(['a', 'é']));
      assert.deepEqual([facts.bytes, sample!.values], [3, ['a', 'é']]);
    });

    it('tells the figures of all values by stats', async () => {
      await tf.setBackend(backend);
      const { min, max, mean, std, nan, infinite, size } = tf
        .tensor([1, 2, 3, Number.NaN, Number.POSITIVE_INFINITY])
        .stats();
      assert.deepEqual([min, max, mean, nan, infinite, size], [1, 3, 2, 1, 1, 5]);
      assert.ok(Math.abs(std - Math.sqrt(2 / 3)) < 1e-6);
      assert.throws(() => tf.tensor(['a']).stats(), /stats: a tensor must be of numbers or bools, got strings/);
    });
  });
}

describe('another device', () => {
  it('hands over a sample of a large tensor alone, and of all only when asked', async () => {
    const backend = found.find((name) => name !== 'webgpu') ?? 'cpu';
    await tf.setBackend(backend);
    const x = tf.range(0, 200_000).div(1000) as Tensor;
    // As on a GPU: the values are not to be seen where they are.
    const here = tf.backend() as unknown as Record<string, unknown>;
    const hidden = here.look ? { look: () => undefined } : { typedArrayFromHeap: undefined };
    const kept = Object.fromEntries(Object.keys(hidden).map((name) => [name, here[name]]));
    const read: number[] = [];
    const { readSync } = here as unknown as { readSync(dataId: object): ArrayLike<number> };
    const before = counts();
    if (here.look)
      Object.assign(here, hidden, {
        readSync(dataId: object) {
          const seen = readSync.call(here, dataId);
          read.push(seen.length);
          return seen;
        },
      });
    try {
      const { statistics: figures, sample } = lookNow(x, [[0, 1, 199_999]], 1000);
      assert.deepEqual(
        Array.from(sample.values as number[], (value) => Math.round(value * 1000)),
        [0, 1, 199_999],
      );
      assert.ok(Math.abs(figures!.mean - 100) < 2, `${figures!.mean}`);
      if (here.look)
        assert.ok(
          read.every((length) => length < 20_000),
          `${read}`,
        );
    } finally {
      Object.assign(here, kept, { readSync });
    }
    assert.deepEqual(counts(), before);
  });

  it('that refuses to be read is told in the line', async () => {
    const x = tf.ones([3]);
    const backend = tf.backend() as unknown as Record<string, unknown>;
    const names = ['look', 'typedArrayFromHeap', 'read', 'readSync'].filter((name) => backend[name]);
    const kept = names.map((name) => [name, backend[name]] as const);
    for (const name of names)
      backend[name] = () => {
        throw new Error('the device is lost');
      };
    try {
      assert.equal((await tensorFacts(x)).facts.unread, 'the device is lost');
    } finally {
      for (const [name, method] of kept) backend[name] = method;
    }
  });
});

describe('offsets of a sample', () => {
  it('ascend, lie within, and keep step with no axis', () => {
    const offsets = sampleOffsets(100_000_000);
    assert.ok(offsets.every((offset, i) => offset >= 0 && offset < 1e8 && (i === 0 || offset > offsets[i - 1]!)));
    for (const length of [3, 1000, 1024]) {
      const seen = new Set(Array.from(offsets, (offset) => offset % length));
      assert.ok(seen.size > length * 0.95, `${length}: ${seen.size}`);
    }
  });
});
