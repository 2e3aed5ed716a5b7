// `npm run bench:engine`: the `tensorflow` backend, op by op. A small op and large products beside TensorFlow in Python, by turns in one run;
// values in and out beside a plain copy; steps of eager training beside tfjs-node's published ones; loading.
import { cpus, loadavg } from 'node:os';
import { load } from '../src/tensor/load.ts';
import { measureLoading } from './loading.ts';
import { pythonTensorflow, timesOfPython } from './python-tensorflow.ts';
import { formatTable, type Row } from './table.ts';

const begun = performance.now();
const tf = load();
tf.setBackend('tensorflow');
tf.ones([1]).dataSync();
const loaded = performance.now() - begun;

/** The best mean time of a call over rounds of `count` calls, in ms. Short rounds pass between what else the machine does. */
async function best(count: number, call: () => unknown, rounds: number): Promise<number> {
  await call();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) call();
    least = Math.min(least, (performance.now() - start) / count);
  }
  return least;
}

const sizes = [1024, 2048] as const;
/** Turns of each of two, so that a change of the machine's load meets both alike. */
const turns = 3;

async function ops(): Promise<Row[]> {
  const one = tf.ones([1]);
  const matrices = sizes.map((n) => [tf.randomUniform([n, n]), tf.randomUniform([n, n])] as const);
  const python = await pythonTensorflow();
  const times: Record<string, number[]>[] = [{}, {}];
  const note = (whose: number, name: string, ms: number) => {
    const known = times[whose]!;
    known[name] = [...(known[name] ?? []), ms];
  };
  for (let i = 0; i < 20_000; i++) tf.add(one, one).dispose();
  for (let turn = 0; turn < turns; turn++) {
    note(0, 'add', await best(300, () => tf.add(one, one).dispose(), 100));
    for (const [i, n] of sizes.entries()) {
      const [a, b] = matrices[i]!;
      note(0, String(n), await best(1, () => tf.matMul(a, b).dispose(), 15));
    }
    if (!python) continue;
    for (const [name, ms] of Object.entries(await timesOfPython(python, sizes))) note(1, name, ms);
  }
  const least = (whose: number, name: string) => Math.min(...(times[whose]![name] ?? []));
  const row = (title: string, name: string, scale = 1): Row => ({
    name: title,
    ours: least(0, name) * scale,
    ...(python && { theirs: least(1, name) * scale, peer: 'TensorFlow in Python' }),
  });
  return [row('one-element add, µs', 'add', 1000), ...sizes.map((n) => row(`product of ${n} × ${n}, ms`, String(n)))];
}

/** 100 MB between a typed array and a tensor, beside a plain copy: the ratio counts copies. */
async function copies(): Promise<Row[]> {
  const values = new Float32Array(25e6).fill(1);
  const tensor = tf.tensor1d(values);
  const beside = { theirs: await best(1, () => values.slice(), 9), peer: 'slice() of the array' };
  const rows = [
    { name: '100 MB to a tensor, ms', ours: await best(1, () => tf.tensor1d(values).dispose(), 9), ...beside },
    { name: '100 MB from a tensor, ms', ours: await best(1, () => tensor.dataSync(), 9), ...beside },
  ];
  tensor.dispose();
  return rows;
}

/** ms a step of `fit` on tfjs-node 4.22, as published with its results on two cores. */
const ofTfjsNode: Readonly<Record<number, number>> = { 32: 2.84, 128: 3.14, 512: 4.89 };

/** ms a step of 784-128-10 with Adam, on random data. */
async function step(batchSize: number, compile: boolean, steps = 40): Promise<number> {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const x = tf.randomUniform([batchSize * steps, 784]);
  const y = tf.floor(tf.randomUniform([batchSize * steps], 0, 10));
  // Until XLA has taken over, or not.
  if (compile) await model.fit(x, y, { epochs: 100, batchSize, verbose: 0 });
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 8; round++) {
    const start = performance.now();
    await model.fit(x, y, { epochs: 1, batchSize, verbose: 0, compile } as Parameters<typeof model.fit>[2]);
    least = Math.min(least, (performance.now() - start) / steps);
  }
  tf.dispose([x, y]);
  return least;
}

async function training(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const compile of [false, true])
    for (const [size, theirs] of Object.entries(ofTfjsNode)) {
      const ours = await step(Number(size), compile);
      const name = `${compile ? 'compiled' : 'eager'} step, batch ${size}, ms`;
      rows.push({ name, ours, theirs, peer: 'tfjs-node, published' });
    }
  return rows;
}

const [processor] = cpus();
console.log(
  `${cpus().length} × ${processor?.model.trim()}, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}\n`,
);
const rows: Row[] = [{ name: 'load and first value, ms', ours: loaded }, ...(await ops()), ...(await copies())];
rows.push(...(await training()), ...(await measureLoading()));
console.log(formatTable(rows));
console.log(`\nBest of several rounds; a ratio below 1 is in our favour. Load ${loadavg()[0]!.toFixed(1)} at the end.`);
process.exit(0);
