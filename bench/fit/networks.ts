// The networks that are trained, as cells of ours build them. The Python contestants build the same.

export interface Network {
  readonly name: 'dense' | 'conv' | 'lstm' | 'transformer';
  readonly title: string;
  readonly batches: readonly number[];
  /** Digits of an epoch: all of MNIST, or as many as the slowest can bear. */
  readonly images: number;
  /** Of one digit. */
  readonly shape: readonly number[];
  /** TypeScript that makes `model`, `tf` and `MultiHeadAttention` being there. */
  readonly code: string;
}

export const networks: readonly Network[] = [
  {
    name: 'dense',
    title: '784-128-10',
    batches: [32, 128, 512],
    images: 60_000,
    shape: [784],
    code: `
const model = tf.sequential({ layers: [
  tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
  tf.layers.dense({ units: 10, activation: 'softmax' }),
] });`,
  },
  {
    name: 'conv',
    title: 'two convolutions (32, 64 filters)',
    batches: [64],
    images: 5_120,
    shape: [28, 28, 1],
    code: `
const model = tf.sequential({ layers: [
  tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
  tf.layers.maxPooling2d({ poolSize: 2 }),
  tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  tf.layers.maxPooling2d({ poolSize: 2 }),
  tf.layers.flatten(),
  tf.layers.dense({ units: 10, activation: 'softmax' }),
] });`,
  },
  {
    name: 'lstm',
    title: 'LSTM, 49 steps, 64 units',
    batches: [32],
    images: 2_560,
    shape: [49, 16],
    code: `
const model = tf.sequential({ layers: [
  tf.layers.lstm({ inputShape: [49, 16], units: 64, recurrentActivation: 'sigmoid' }),
  tf.layers.dense({ units: 10, activation: 'softmax' }),
] });`,
  },
  {
    name: 'transformer',
    title: 'transformer block, 49 steps of 64, 4 heads',
    batches: [64],
    images: 5_120,
    shape: [49, 16],
    code: `
const input: any = tf.input({ shape: [49, 16] });
const dense = (units: number, from: any, activation?: any): any => tf.layers.dense({ units, activation }).apply(from);
const sum = (...from: any[]): any => tf.layers.layerNormalization().apply(tf.layers.add().apply(from) as any);
const embedded = dense(64, input);
const one = sum(embedded, new MultiHeadAttention({ numHeads: 4, keyDim: 16 }).apply(embedded));
const two = sum(one, dense(64, dense(128, one, 'relu')));
const model = tf.model({ inputs: input, outputs: dense(10, tf.layers.globalAveragePooling1d({}).apply(two), 'softmax') });`,
  },
];
