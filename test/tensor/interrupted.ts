// A program that is interrupted inside a gradient, a tidy and a training, and tells what state it is in after `resetScopes`. Run by
// scopes.test.ts as a process of its own, since a termination needs flags of Node's.
import { Worker } from 'node:worker_threads';
import type { TrainingEnd } from '../../src/plot/monitor.ts';
import { showTraining } from '../../src/tensor/ambient.ts';
import { load } from '../../src/tensor/load.ts';
import { collect } from '../../src/tensor/pressure.ts';
import { resetScopes } from '../../src/tensor/scopes.ts';

const tf = load();
const held = tf.ones([3]);
const report: Record<string, unknown> = {};

/** Runs `code`, which is ended where it calls `stop`: no `finally` of it runs. */
async function interrupted(code: (stop: () => never) => unknown): Promise<void> {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { Session } = require('node:inspector');
     const { parentPort, workerData } = require('node:worker_threads');
     parentPort.postMessage('run');
     Atomics.wait(workerData, 0, 0);
     const session = new Session();
     session.connectToMainThread();
     session.post('Runtime.terminateExecution', () => session.disconnect());`,
    { eval: true, workerData: flag },
  );
  const stop = (): never => {
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
    for (;;);
  };
  await new Promise<void>((resolve) => {
    // Not in a timer: those after one that was terminated never come.
    worker.once('message', () => void code(stop));
    worker.once('exit', () => resolve());
  });
}

await collect();
const before = tf.memory().numTensors;
await interrupted((stop) =>
  tf.tidy(() => {
    tf.add(held, 1);
    tf.grad((x) => {
      const y = tf.square(x);
      stop();
      return tf.sum(y);
    })(held);
  }),
);
resetScopes();
const { activeScope, activeTape, gradientDepth, kernelDepth, scopeStack } = tf.engine().state as unknown as Record<
  string,
  unknown
>;
report.rest = { activeScope, activeTape, gradientDepth, kernelDepth, scopes: (scopeStack as unknown[]).length };
report.gradient = [
  ...tf.tidy(() =>
    tf
      .grad((x) => tf.sum(tf.square(x)))(held)
      .dataSync(),
  ),
];
await collect();
report.left = tf.memory().numTensors - before;

const ends: TrainingEnd[] = [];
showTraining(() => ({ begin() {}, batch() {}, epoch() {}, end: (reason) => void ends.push(reason) }));
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const [x, y] = [tf.ones([64, 4]), tf.ones([64, 1])];
await interrupted((stop) =>
  model.fit(x, y, { epochs: 100, batchSize: 1, callbacks: { onBatchEnd: (batch) => void (batch === 5 && stop()) } }),
);
resetScopes();
const { epoch } = await model.fit(x, y, { epochs: 2 });
report.training = { ends, epoch };

console.log(JSON.stringify(report));
process.exit();
