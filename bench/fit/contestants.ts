// Who trains: each in a fresh process on the same hardware threads, with the same digits, batches and network. An answer is one line of JSON.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { KernelClient } from '../../kernel/client.ts';
import type { Published } from '../../kernel/client-types.ts';
import { ours } from '../contestants.ts';
import { printed, runOk } from '../measures.ts';
import type { Network } from './networks.ts';

/** One training. */
export interface Asked {
  readonly network: Network;
  readonly batch: number;
  readonly images: number;
  /** Epochs after the first. */
  readonly epochs: number;
  /** The folder of `images.u8` and `labels.u8`. */
  readonly data: string;
  /** Puts a command on the threads that count: `taskset -c 0,1`. */
  readonly pin: readonly string[];
  /** The Python of the bench; undefined where there is none. */
  readonly python: string | undefined;
}

/** Times in ms. */
export interface Answer {
  /** From the building of the model to the end of its first epoch; what is imported is loaded. */
  readonly cold: number;
  /** A step of each further epoch. */
  readonly warm: readonly number[];
  /** The mean of the first epoch. */
  readonly loss: number;
  /** From the cell's sending to the first picture of its progress. */
  readonly first?: number;
}

export interface Contestant {
  readonly name: string;
  /** Networks that it can't train, and why. */
  readonly without?: Partial<Record<Network['name'], string>>;
  /** Digits at most, for whom a whole epoch takes minutes; its loss is then not compared. */
  readonly most?: number;
  train(asked: Asked): Promise<Answer>;
}

const noKernel = 'tfjs has no kernel for its gradient';
const noLayer = 'tfjs has no layer that trains';

export const contestants: readonly Contestant[] = [
  { name: 'tensorcell fit', train: (asked) => inCell(asked, fitCode(asked)) },
  { name: 'tensorcell jit', train: (asked) => inCell(asked, jitCode(asked)) },
  { name: 'Keras fit', train: (asked) => byPython(asked, 'keras_fit.py') },
  { name: 'Keras fit, jit_compile', train: (asked) => byPython(asked, 'keras_fit.py', 'jit') },
  { name: 'PyTorch eager, fused Adam', train: (asked) => byPython(asked, 'torch_steps.py') },
  { name: 'PyTorch compiled', train: (asked) => byPython(asked, 'torch_steps.py', 'compile') },
  { name: 'JAX jit', train: (asked) => byPython(asked, 'jax_steps.py') },
  {
    name: 'tfjs wasm fit',
    without: { conv: noKernel, transformer: noLayer, lstm: 'minutes an epoch' },
    most: 6_400,
    train: plainTfjs,
  },
];

const run = promisify(execFile);

/** The line of JSON that a program has printed last. */
const answerIn = (output: string): Answer => JSON.parse(output.trim().split('\n').at(-1)!) as Answer;

async function inCell(asked: Asked, code: string): Promise<Answer> {
  const spec = { ...ours.spec, argv: [...asked.pin, ...ours.spec.argv] };
  await using client = await KernelClient.start({ spec, transport: 'tcp' });
  await runOk(
    client,
    `import { jit } from 'tensorcell'; import { MultiHeadAttention } from 'tensorcell/nn';\n${dataCode(asked)}`,
  );
  const begun = performance.now();
  let first: number | undefined;
  const onPublished = ({ type }: Published) => {
    if (type === 'display_data') first ??= performance.now() - begun;
  };
  const { reply, published } = await client.run(code, { onPublished });
  if (reply.status !== 'ok') throw new Error(`the cell failed: ${JSON.stringify(reply).slice(0, 500)}`);
  return { ...answerIn(printed(published)), ...(first !== undefined && { first }) };
}

async function byPython({ network, batch, images, epochs, data, pin, python }: Asked, file: string, ...more: string[]) {
  if (!python) throw new Error('no Python with its packages');
  const program = fileURLToPath(new URL(`../../../bench/fit/${file}`, import.meta.url));
  const spec = JSON.stringify({ network: network.name, batch, images, epochs, data });
  const [command, ...args] = [...pin, python, program, spec, ...more];
  const { stdout } = await run(command!, args, { maxBuffer: 1e8 });
  return answerIn(stdout);
}

async function plainTfjs(asked: Asked): Promise<Answer> {
  const require = createRequire(import.meta.url);
  const path = (name: string) => JSON.stringify(require.resolve(`@tensorflow/tfjs-${name}`));
  const program = `
const tf = { ...require(${path('core')}), ...require(${path('layers')}) };
require(${path('backend-wasm')});
(async () => { await tf.setBackend('wasm'); ${dataCode(asked, false)} ${fitCode(asked)} })();`;
  const [command, ...args] = [...asked.pin, process.execPath, '-e', program];
  const { stdout } = await run(command!, args, { maxBuffer: 1e8 });
  return answerIn(stdout);
}

/** Makes `x` and `y`. */
const dataCode = ({ network, images, data }: Asked, types = true) => `
const bytes = (name${types ? ': string' : ''}, size${types ? ': number' : ''}) => process.getBuiltinModule('fs').readFileSync(${JSON.stringify(`${data}/`)} + name).subarray(0, size);
const floats = (name${types ? ': string' : ''}, size${types ? ': number' : ''}, most${types ? ': number' : ''}) =>
  Float32Array.from(bytes(name, size), (value) => value / most);
const x = tf.tensor(floats('images.u8', ${images * 784}, 255), [${[images, ...network.shape]}]);
const y = tf.tensor(floats('labels.u8', ${images}, 1), [${images}, 1]);
`;

const compileCode = `model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['acc'] });`;

/** As anyone trains, its progress shown where there is a display. */
const fitCode = ({ network, batch, images, epochs }: Asked) => `
const begun = performance.now();
${network.code}
${compileCode}
const train = () => model.fit(x, y, { epochs: 1, batchSize: ${batch} });
const { history } = await train();
const cold = performance.now() - begun;
const warm = [];
for (let epoch = 0; epoch < ${epochs}; epoch++) {
  const start = performance.now();
  await train();
  warm.push((performance.now() - start) / ${Math.ceil(images / batch)});
}
console.log(JSON.stringify({ cold, warm, loss: history.loss?.[0] }));`;

/** A step written by hand: what it does is one compiled call, with the gathering of the batch. */
const jitCode = ({ network, batch, images, epochs }: Asked) => `
const begun = performance.now();
${network.code}
const optimizer = tf.train.adam(0.001);
const weights = model.trainableWeights.map((weight) => weight.read()) as any[];
const step = jit((part: any) => {
  const wanted = tf.gather(tf.squeeze(y, [1]), part);
  let hits: any;
  const loss = optimizer.minimize(() => {
    const guess = model.apply(tf.gather(x, part), { training: true }) as any;
    hits = tf.sum(tf.equal(tf.argMax(guess, -1), tf.cast(wanted, 'int32')));
    return tf.mean(tf.losses.softmaxCrossEntropy(tf.oneHot(tf.cast(wanted, 'int32'), 10), tf.log(guess), undefined, undefined, 0));
  }, true, weights) as any;
  return [loss, hits];
});
const train = () => tf.tidy(() => {
  const order = tf.util.createShuffledIndices(${images});
  let total: any = tf.scalar(0);
  for (let at = 0; at < ${images}; at += ${batch}) {
    const [loss] = step(tf.tensor1d(new Int32Array(order.subarray(at, at + ${batch})), 'int32'));
    total = total.add(loss.mul(Math.min(${batch}, ${images} - at)));
  }
  return total.dataSync()[0] / ${images};
});
const loss = train();
const cold = performance.now() - begun;
const warm = [];
for (let epoch = 0; epoch < ${epochs}; epoch++) {
  const start = performance.now();
  train();
  warm.push((performance.now() - start) / ${Math.ceil(images / batch)});
}
console.log(JSON.stringify({ cold, warm, loss }));`;
