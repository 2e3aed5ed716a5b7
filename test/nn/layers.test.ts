// Layers of 'tensorcell/nn' and tfjs's LayerNormalization against Keras: outputs, gradients, and what a saved model has of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { GroupNormalization, MultiHeadAttention, RMSNormalization } from '../../src/nn/index.ts';
import { jit } from '../../src/tensor/jit/jit.ts';
import { found, tf, values } from '../tensor/backends.ts';
import { close, equals, made, read, type Written } from './written.ts';

interface Case {
  readonly layer: 'MultiHeadAttention' | 'LayerNormalization' | 'GroupNormalization' | 'RMSNormalization';
  readonly config: object;
  readonly inputs: Written[];
  readonly call: object;
  readonly masks: { attention_mask?: Written; value_mask?: Written };
  readonly weights: Written[];
  readonly dy: Written;
  readonly output: Written;
  readonly scores?: Written;
  readonly gradients: Written[];
}

const make = {
  MultiHeadAttention: (config: object) => new MultiHeadAttention(config as { numHeads: number; keyDim: number }),
  LayerNormalization: (config: object) => tf.layers.layerNormalization(config),
  GroupNormalization: (config: object) => new GroupNormalization(config),
  RMSNormalization: (config: object) => new RMSNormalization(config),
};

const cases = read<Case>('layers');

for (const backend of [...found, 'cpu']) {
  describe(`layers on ${backend}`, () => {
    for (const [i, each] of cases.entries()) {
      const shapes = each.inputs.map(({ shape }) => `[${shape}]`).join(', ');
      it(`${each.layer} ${i} of ${shapes} ${JSON.stringify({ ...each.config, ...each.call })} is Keras's`, async () => {
        await tf.setBackend(backend);
        check(each);
      });
    }
  });
}

function check({ layer: name, config, inputs, call, masks, weights, dy, output, scores, gradients }: Case): void {
  const layer = make[name](config);
  const given = inputs.map(made);
  const kwargs = {
    ...call,
    ...(masks.attention_mask && { attentionMask: made(masks.attention_mask) }),
    ...(masks.value_mask && { valueMask: made(masks.value_mask) }),
  };
  const apply = (tensors: Tensor[]) => layer.apply(tensors.length > 1 ? tensors : tensors[0]!, kwargs) as Tensor;
  apply(given);
  layer.setWeights(weights.map(made));
  equals(apply(given), output, 'the output');
  if (layer instanceof MultiHeadAttention)
    close(layer.attend(given, kwargs).scores.dataSync(), scores!.values, 'the attention');
  const loss = (...tensors: Tensor[]) => tf.sum(tf.mul(apply(tensors), made(dy)));
  tf.grads(loss)(given).forEach((gradient, i) => {
    equals(gradient, gradients[i]!, `gradient of input ${i}`);
  });
  const variables = variablesOf(layer);
  const { grads } = tf.variableGrads(() => loss(...given) as never, variables);
  variables.forEach((variable, i) => {
    equals(grads[variable.name]!, gradients[given.length + i]!, `gradient of ${variable.name}`);
  });
}

function variablesOf(layer: layers.Layer) {
  return layer.trainableWeights.map((weight) => weight.read() as ReturnType<typeof tf.variable>);
}

describe('attention along some axes', () => {
  it('says what its axes and masks must be', () => {
    const make = (attentionAxes: number[]) => new MultiHeadAttention({ numHeads: 1, keyDim: 2, attentionAxes });
    const [x, other] = [values([1, 3, 2, 4]), values([1, 2, 2, 4])];
    assert.throws(
      () => make([3]).apply(x),
      /attentionAxes must lie between the first and the last axis of rank 4, got \[3\]/,
    );
    assert.throws(
      () => make([2]).apply([x, other]),
      /as long along the axes that are not attended, got \[1,3,2,4\] and \[1,2,2,4\]/,
    );
    assert.throws(
      () => make([2]).apply(x, { attentionMask: tf.ones([1, 2, 2]) }),
      /attentionMask must be \[t, s\] or \[1,3, t, s\], got \[1,2,2\]/,
    );
  });
});

/** A block of a transformer, causal. */
function block() {
  const input = tf.input({ shape: [6, 8] });
  const attended = new MultiHeadAttention({ numHeads: 2, keyDim: 4, causal: true, dropout: 0.1 }).apply(input);
  const sum = tf.layers.layerNormalization().apply(tf.layers.add().apply([input, attended as never]));
  const grouped = new GroupNormalization({ groups: 4 }).apply(sum);
  const output = tf.layers.dense({ units: 3 }).apply(new RMSNormalization().apply(grouped));
  return tf.model({ inputs: input, outputs: output as never });
}

describe('a model of these layers', () => {
  it('trains, and comes back from where it was saved as it was', async () => {
    await tf.setBackend(found[0] ?? 'cpu');
    const model = block();
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
    const [x, y] = [values([32, 6, 8]), values([32, 6, 3], 2)];
    const { history } = await model.fit(x, y, { epochs: 8, verbose: 0 });
    assert.ok((history.loss!.at(-1) as number) < (history.loss![0] as number) * 0.9, String(history.loss));
    const [compiled] = jit.stats().filter(({ name }) => name.startsWith('fit') && name.includes(model.name));
    if (tf.getBackend() === 'tensorflow') assert.ok(compiled && compiled.form !== 'eager', JSON.stringify(jit.stats()));
    let saved: Parameters<typeof tf.io.fromMemory>[0] | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts as never;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const again = await tf.loadLayersModel(tf.io.fromMemory(JSON.parse(JSON.stringify(saved!, replacer), reviver)));
    close((again.predict(x) as Tensor).dataSync(), [...(model.predict(x) as Tensor).dataSync()], 'a prediction', 1e-6);
    const [attention] = again.layers.filter((layer) => layer instanceof MultiHeadAttention);
    assert.equal((attention as unknown as MultiHeadAttention).causal, true);
  });

  it('has attention that sees no later step', () => {
    const layer = new MultiHeadAttention({ numHeads: 2, keyDim: 4, causal: true });
    const x = values([1, 6, 8]);
    const early = (tensor: Tensor) => tf.slice(tensor, [0, 0, 0], [1, 4, 8]);
    const later = tf.concat([early(x), values([1, 2, 8], 5)], 1);
    const [first, second] = [x, later].map((input) => layer.apply(input) as Tensor);
    close(early(first!).dataSync(), [...early(second!).dataSync()], 'the first four steps', 0);
    assert.notDeepEqual(first!.dataSync(), second!.dataSync());
  });

  it("gives attention every input's own mask", () => {
    const ids = tf.tensor2d([
      [3, 1, 0, 0],
      [2, 2, 5, 0],
    ]);
    const text = tf.input({ shape: [4] });
    const embedded = tf.layers.embedding({ inputDim: 6, outputDim: 4, maskZero: true }).apply(text);
    const query = tf.input({ shape: [3, 4] });
    const layer = new MultiHeadAttention({ numHeads: 1, keyDim: 2 });
    const dropped = tf.layers.dropout({ rate: 0.5 }).apply(embedded);
    const output = layer.apply([query, dropped as never]);
    const model = tf.model({ inputs: [query, text], outputs: output as never });
    const x = values([2, 3, 4]);
    const embedding = model.layers.find((each) => each.getClassName() === 'Embedding')!;
    const before = (model.predict([x, ids]) as Tensor).dataSync();
    const table = embedding.getWeights()[0]!;
    // What a padded step would hold is changed: nothing may come of it.
    embedding.setWeights([tf.concat([tf.fill([1, 4], 9), tf.slice(table, [1, 0])])]);
    close((model.predict([x, ids]) as Tensor).dataSync(), [...before], 'the output', 1e-6);
  });

  it('says what its arguments must be', () => {
    assert.throws(() => new MultiHeadAttention({ numHeads: 0, keyDim: 2 }), {
      name: 'RangeError',
      message: 'MultiHeadAttention: numHeads must be a whole number above 0, got 0',
    });
    assert.throws(
      () => new MultiHeadAttention({ numHeads: 2, keyDim: 2, dropout: 1 }),
      /dropout must be in \[0, 1\), got 1/,
    );
    const layer = new MultiHeadAttention({ numHeads: 2, keyDim: 2 });
    assert.throws(
      () => layer.apply(values([3, 4])),
      /inputs must be of rank 3 \[n, steps, values\] or more, got \[3,4\]/,
    );
    assert.throws(
      () => layer.apply([values([1, 2, 4]), values([1, 3, 4]), values([1, 4, 4])]),
      /key and value must have the same number of steps, got \[1,4,4\] and \[1,3,4\]/,
    );
    assert.throws(
      () => new GroupNormalization({ groups: 3 }).apply(values([2, 8])),
      /groups must divide the 8 channels, got 3/,
    );
  });

  it('has an attention that drops a part of what it looks at in training only', () => {
    const layer = new MultiHeadAttention({ numHeads: 1, keyDim: 4, dropout: 0.5 });
    const x = values([2, 5, 4]);
    const still = [layer.apply(x), layer.apply(x)] as Tensor[];
    assert.deepEqual(still[0]!.dataSync(), still[1]!.dataSync());
    const moving = [1, 2].map(() => (layer.apply(x, { training: true }) as Tensor).dataSync());
    assert.notDeepEqual(moving[0], moving[1]);
  });
});

const replacer = (_: string, value: unknown) =>
  value instanceof ArrayBuffer ? { bytes: [...new Uint8Array(value)] } : value;
const reviver = (_: string, value: unknown) => {
  const { bytes } = (value ?? {}) as { bytes?: number[] };
  return Array.isArray(bytes) ? new Uint8Array(bytes).buffer : value;
};
