// Recurrent layers, compiled as loops: values and gradients are those of tfjs's unrolled steps, in every way that a layer can be set.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { jit } from '../../../src/tensor/jit/jit.ts';
import { found, tf, values } from '../backends.ts';

const skip = found.includes('tensorflow') ? false : 'no library of TensorFlow';

before(async () => {
  if (!skip) await tf.setBackend('tensorflow');
});

type Layer = InstanceType<typeof tf.layers.Layer>;

const [samples, steps, units] = [3, 6, 4];
const config = { units, inputShape: [steps, 2] };
const kinds = {
  LSTM: (more: object) => tf.layers.lstm({ ...config, ...more }),
  GRU: (more: object) => tf.layers.gru({ ...config, ...more }),
  SimpleRNN: (more: object) => tf.layers.simpleRNN({ ...config, ...more }),
};
const settings: readonly object[] = [
  {},
  { returnSequences: true },
  { returnState: true },
  { returnSequences: true, returnState: true, goBackwards: true },
  { activation: 'relu', recurrentActivation: 'sigmoid', useBias: false },
  { units: 1 },
];

/** A sum over all that a layer gives, each value with a weight of its own. */
function summed(outputs: Tensor | Tensor[]): Tensor {
  const parts = [outputs].flat().map((output, i) => tf.sum(tf.mul(output, values(output.shape, i + 5))));
  return parts.length === 1 ? parts[0]! : tf.addN(parts);
}

/** The sum, and its gradients by the input, the first states and the weights. */
function derived(layer: Layer, mask?: Tensor) {
  return (x: Tensor, ...states: Tensor[]) => {
    const weights = layer.trainableWeights.map((weight) => weight.read() as Variable);
    const f = (...given: Tensor[]) => {
      const [input, ...initialState] = given.slice(0, 1 + states.length) as [Tensor, ...Tensor[]];
      const kwargs = { training: false, ...(states.length > 0 && { initialState }), ...(mask && { mask }) };
      return summed(layer.call(input, kwargs));
    };
    return [f(x, ...states), ...tf.grads(f as never)([x, ...states, ...weights] as never)] as Tensor[];
  };
}

function near(got: readonly Tensor[], wanted: readonly Tensor[]): void {
  assert.equal(got.length, wanted.length);
  wanted.forEach((tensor, at) => {
    const [all, plain] = [got[at]!.dataSync(), tensor.dataSync()];
    assert.deepEqual(got[at]!.shape, tensor.shape);
    plain.forEach((value, i) => {
      assert.ok(Math.abs(all[i]! - value) <= 1e-5 * Math.max(1, Math.abs(value)), `${at}: ${value}, got ${all[i]}`);
    });
  });
}

/** Compares a layer's sum and gradients, compiled and not; gives what was recorded. */
function alike(layer: Layer, inputs: readonly Tensor[], mask?: Tensor) {
  layer.build(inputs[0]!.shape);
  const plain = derived(layer, mask);
  const compiled = jit(plain, { name: `${layer.name} alike` });
  near(compiled(inputs[0]!, ...inputs.slice(1)), plain(inputs[0]!, ...inputs.slice(1)));
  const row = jit.stats().findLast(({ name }) => name === `${layer.name} alike`)!;
  assert.equal(row.form, 'graph', row.reason);
  return row;
}

describe('recurrent layers, compiled', { skip }, () => {
  for (const [kind, make] of Object.entries(kinds)) {
    for (const setting of settings)
      it(`${kind} ${JSON.stringify(setting)}`, () => void alike(make(setting), [values([samples, steps, 2])]));

    it(`${kind} from states that are given`, () => {
      const layer = make({ returnState: true });
      const { stateSize } = (layer as unknown as { cell: { stateSize: number | number[] } }).cell;
      const states = [stateSize].flat().map((size, i) => values([samples, size], i + 2));
      alike(layer, [values([samples, steps, 2]), ...states]);
    });

    it(`${kind} with a mask`, () => {
      const mask = tf.greater(values([samples, steps], 3), 0);
      for (const setting of [{}, { returnSequences: true, goBackwards: true }])
        alike(make(setting), [values([samples, steps, 2])], mask);
    });

    it(`${kind} is as large for 50 steps as for 6`, () => {
      const counts = [steps, 50].map((length) => alike(make({}), [values([samples, length, 2])]).operations!);
      assert.equal(counts[1], counts[0]);
    });
  }

  it('a stack of cells', () => {
    const cells = [tf.layers.lstmCell({ units: 2 }), tf.layers.gruCell({ units: 3 })];
    const layer = tf.layers.rnn({ cell: tf.layers.stackedRNNCells({ cells }) as never, returnSequences: true });
    alike(layer as Layer, [values([samples, steps, 2])]);
  });

  it('a convolutional one', () => {
    const layer = tf.layers.convLstm2d({ filters: 2, kernelSize: 2 }) as Layer;
    alike(layer, [values([2, steps, 4, 4, 1])]);
  });
});
