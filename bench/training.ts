// Steps of training the first network of every course, 784-128-10 with Adam: in a cell of our kernel, and in a plain Node program on
// TensorFlow.js' own WebAssembly backend.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { KernelClient } from '../kernel/client.ts';
import { ours } from './contestants.ts';
import { type Figures, printed, runOk } from './measures.ts';

const BATCHES = [32, 128, 512];

export const peer = 'tfjs 4.22 wasm';

/** Prints, as JSON, ms a step for each batch size, the best of three rounds of `steps` steps. `tf` is there. */
const code = (steps: number) => `
const times = {};
for (const batchSize of ${JSON.stringify(BATCHES)}) {
  const model = tf.sequential({ layers: [
    tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ] });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const x = tf.randomUniform([batchSize * ${steps}, 784]);
  const y = tf.floor(tf.randomUniform([batchSize * ${steps}], 0, 10));
  const rounds = [];
  for (let round = 0; round < 4; round++) {
    const begun = performance.now();
    await model.fit(x, y, { epochs: 1, batchSize, verbose: 0 });
    if (round > 0) rounds.push((performance.now() - begun) / ${steps});
  }
  times['training step, batch ' + batchSize + ', ms'] = Math.min(...rounds);
}
console.log(JSON.stringify(times));`;

/** In a cell of our kernel. */
export async function trainInCell(steps = 30): Promise<Figures> {
  await using client = await KernelClient.start({ spec: ours.spec, transport: 'tcp' });
  return JSON.parse(printed(await runOk(client, code(steps)))) as Figures;
}

/** In a Node of its own, with nothing of ours. */
export async function trainPlain(steps = 30): Promise<Figures> {
  const require = createRequire(import.meta.url);
  const path = (name: string) => JSON.stringify(require.resolve(`@tensorflow/tfjs-${name}`));
  const program = `
const tf = { ...require(${path('core')}), ...require(${path('layers')}) };
require(${path('backend-wasm')});
(async () => { await tf.setBackend('wasm'); ${code(steps)} })();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Figures;
}
