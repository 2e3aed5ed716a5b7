// Trainings that are interrupted at random moments by a real kernel's interrupts: each leaves weights, moments and counter of one and the
// same step. And how soon a training that goes on follows a pause, a new learning rate and a stop.
import { KernelClient } from '../../kernel/client.ts';
import { generator } from './soak.ts';

const rate = 0.01;

/** A gradient of 1 at each step: after k of them Adam's moments are 1 − βᵏ, and each weight is k learning rates less. */
const start = `
import { training } from 'tensorcell';
const [ones, far] = [tf.ones([64, 3]), tf.fill([64, 1], -1e6)];
let model: any;
const renew = () => {
  model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 1, useBias: false, kernelInitializer: 'zeros' })] });
  model.compile({ optimizer: tf.train.adam(${rate}), loss: 'meanAbsoluteError' });
};
renew();`;

const train = `model.fit(ones, far, { epochs: 100_000, batchSize: 2, verbose: 0 })`;

const look = `(() => {
  const { iterations, accBeta1, accumulatedFirstMoment: m, accumulatedSecondMoment: v } = model.optimizer;
  const numbers = (tensor: any) => Array.from(tensor.dataSync());
  const moment = (list: any[]) => list.length > 0 ? numbers(list[0].variable) : [];
  console.log(JSON.stringify({ steps: iterations, power: numbers(accBeta1)[0], first: moment(m), second: moment(v), weights: numbers(model.getWeights()[0]) }));
  if (iterations > 3000) renew();
})()`;

interface State {
  readonly steps: number;
  readonly power: number;
  readonly first: number[];
  readonly second: number[];
  readonly weights: number[];
}

/** What of a state is not that of its step, in words. */
function wrong({ steps, power, first, second, weights }: State): string[] {
  const near = (name: string, got: number[], wanted: number, tolerance: number) =>
    got.flatMap((value) => (Math.abs(value - wanted) <= tolerance ? [] : [`${name} ${value} after ${steps} steps`]));
  return [
    ...near('a power', [power], 0.9 ** (steps + 1), 1e-5),
    ...near('a first moment', first, 1 - 0.9 ** steps, 1e-5),
    ...near('a second moment', second, 1 - 0.999 ** steps, 2e-5),
    // Rounding adds up: past 6,000 steps a weight tells its step to within two.
    ...near('a weight', weights, -steps * rate, steps > 6000 ? 2 * rate : rate / 2),
  ];
}

export interface TrainingSoak {
  readonly faults: readonly string[];
  /** From each interrupt to the cell's end, ms. */
  readonly latencies: readonly number[];
  /** ms after which a training has followed. */
  readonly follows: Readonly<Record<'pause' | 'learningRate' | 'stop', number>>;
}

/** Interrupts so many trainings, at moments that follow from the seed. */
export async function soakTraining({ count, seed }: { count: number; seed: number }): Promise<TrainingSoak> {
  const random = generator(seed);
  const faults: string[] = [];
  const latencies: number[] = [];
  await using client = await KernelClient.start();
  const printed = async (code: string): Promise<string> => {
    const { reply, published } = await client.run(code);
    if (reply.status !== 'ok') faults.push(`${code.slice(0, 60)}: ${JSON.stringify(reply).slice(0, 300)}`);
    return published
      .flatMap((one) => (one.type === 'stream' && one.content.name === 'stdout' ? [one.content.text] : []))
      .join('');
  };
  await printed(start);
  for (let i = 0; i < count; i++) {
    const running = client.run(`await ${train}`);
    await new Promise((resolve) => setTimeout(resolve, 5 + random() * 60));
    const begun = performance.now();
    void client.interrupt();
    const { reply } = await running;
    latencies.push(performance.now() - begun);
    if (reply.status !== 'error') faults.push(`interrupt ${i}: the cell ended with ${reply.status}`);
    faults.push(...wrong(JSON.parse(await printed(look)) as State).map((fault) => `interrupt ${i}: ${fault}`));
  }
  const follows = JSON.parse(await printed(following)) as TrainingSoak['follows'];
  return { faults, latencies, follows };
}

/** Tells, for each order to a training that goes on, after how many ms nothing of before it was seen any more. */
const following = `
renew();
const running = ${train};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lastChange = async (of: () => number) => {
  const begun = performance.now();
  let [value, at] = [of(), 0];
  while (performance.now() - begun < 400) {
    await wait(1);
    if (of() !== value) [value, at] = [of(), performance.now() - begun];
  }
  return at;
};
const steps = () => model.optimizer.iterations;
await wait(500);
training.pause();
const pause = await lastChange(steps);
training.resume();
await wait(200);
training.learningRate = 0;
const learningRate = await lastChange(() => model.getWeights()[0].dataSync()[0]);
const before = performance.now();
training.stop();
await running;
console.log(JSON.stringify({ pause, learningRate, stop: performance.now() - before }));`;
