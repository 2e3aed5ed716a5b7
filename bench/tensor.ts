// How fast the tensors are: loading, steps of two small networks, the matrix product beneath them. `node dist/bench/tensor.js`; best of
// several rounds, in ms. Compare with other programs only side by side, on one machine.
import { load } from '../src/tensor/load.ts';

const begun = performance.now();
const tf = load();
tf.ones([1]).dataSync();
report('load', performance.now() - begun);

function report(name: string, ms: number, note = ''): void {
  console.log(`${name.padEnd(28)} ${ms.toFixed(ms < 0.1 ? 4 : 2).padStart(9)} ms  ${note}`);
}

/** The best mean time of a call over rounds of `count` calls, in ms. */
async function best(count: number, call: () => unknown, rounds = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) await call();
    least = Math.min(least, (performance.now() - start) / count);
  }
  return least;
}

const compiled = (model: ReturnType<typeof tf.sequential>) => {
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  return model;
};

const dense = () =>
  compiled(
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  );

const convolutions = () =>
  compiled(
    tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  );

/** Milliseconds a step of `fit` on random data. */
async function stepTime(
  model: ReturnType<typeof dense>,
  shape: number[],
  batchSize: number,
  steps: number,
): Promise<number> {
  const x = tf.randomUniform([batchSize * steps, ...shape]);
  const y = tf.floor(tf.randomUniform([batchSize * steps], 0, 10));
  const fit = () => model.fit(x, y, { epochs: 1, batchSize, verbose: 0 });
  await fit();
  const time = (await best(1, fit)) / steps;
  tf.dispose([x, y]);
  return time;
}

for (const batchSize of [32, 128, 512]) {
  report(`784-128-10, batch ${batchSize}`, await stepTime(dense(), [784], batchSize, 50));
}
report('two convolutions, batch 64', await stepTime(convolutions(), [28, 28, 1], 64, 8));

const [a, b] = [tf.randomUniform([512, 512]), tf.randomUniform([512, 512])];
for (const [transposeA, transposeB] of [
  [false, false],
  [true, false],
  [false, true],
] as const) {
  const time = await best(5, () => tf.matMul(a, b, transposeA, transposeB).dispose());
  report(
    `512³ product${transposeA ? ' aᵀ' : ''}${transposeB ? ' bᵀ' : ''}`,
    time,
    `${(2 * 512 ** 3) / time / 1e6} GFLOP/s`.replace(/(\.\d)\d*/, '$1'),
  );
}
const one = tf.ones([1]);
report('one-element add', await best(5000, () => tf.add(one, one).dispose()));
