// Adam's step at once, by TensorFlow's own op, against the same step of plain ops, as it is recorded.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdamStep } from '../../../src/tensor/kernels/adam.ts';
import { openContext } from '../../../src/tensor/tensorflow/context.ts';
import { EagerOps } from '../../../src/tensor/tensorflow/eager.ts';
import { adamKernels } from '../../../src/tensor/tensorflow/kernels/adam.ts';
import type { KernelInputs, Ops } from '../../../src/tensor/tensorflow/ops.ts';
import type { EagerValue } from '../../../src/tensor/tensorflow/values.ts';
import { found } from '../backends.ts';

const step: AdamStep = {
  rate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  correction1: 1 - 0.9 ** 3,
  correction2: 1 - 0.999 ** 3,
  epsilon: 1e-3,
};

describe('a step of Adam on tensorflow', {
  skip: found.includes('tensorflow') ? false : 'no library of TensorFlow',
}, () => {
  it('is the same when it is recorded as when it is done at once', () => {
    const ops = new EagerOps(openContext());
    const recorded: Ops = {
      recording: true,
      run: (...args) => ops.run(...args),
      one: (...args) => ops.one(...args),
      constant: (...args) => ops.constant(...args),
    };
    const make = (...values: number[]) => ops.values.make(values, 'float32', [2, 2]);
    const inputs = {
      value: make(1, -2, 0, 1e4),
      first: make(0, 0.5, -0.5, 1e-3),
      second: make(0, 1e-8, 4, 0.25),
      gradient: make(1, 0, -1e-4, 300),
    } as unknown as KernelInputs;
    const values = (by: Ops) =>
      [adamKernels.AdamUpdate!(by, inputs, step)]
        .flat()
        .flatMap((value) => [...ops.values.read(value as EagerValue)] as number[]);
    const [wanted, got] = [values(recorded), values(ops)];
    assert.equal(got.length, 12);
    // The op takes 1 − β₂ of a float32 β₂: 1.3e-5 of the true one off.
    wanted.forEach((value, i) => {
      assert.ok(Math.abs(value - got[i]!) <= 2e-5 * Math.max(1, Math.abs(value)), `${i}: ${value}, got ${got[i]}`);
    });
    assert.deepEqual(ops.values.read(inputs.value as EagerValue), Float32Array.of(1, -2, 0, 1e4));
    ops.end([]);
  });
});
