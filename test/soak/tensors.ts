// What a long day does to the memory of tensors: a cell that trains, run again and again, and loops that lose tensors of 4 MB. One real
// session, on one backend.
import { KernelClient } from '../../kernel/client.ts';

/** Loops over `i` that each lose a tensor a turn; `peak()` notes the bytes of the tensors. */
export const losingLoops: Readonly<Record<string, (count: number) => string>> = {
  'synchronous under tidy': (count) =>
    `for (let i = 0; i < ${count}; i++) { tf.tidy(() => tf.ones([2 ** 20]).add(i)).dispose(); peak(); }`,
  'awaiting settled promises': (count) =>
    `for (let i = 0; i < ${count}; i++) { await settled(tf.fill([2 ** 20], i)); peak(); }`,
  'awaiting Promise.resolve': (count) =>
    `for (let i = 0; i < ${count}; i++) { tf.fill([2 ** 20], i); await Promise.resolve(i); peak(); }`,
  'awaiting an async function of its own': (count) =>
    `const lose = async (i: number) => { tf.fill([2 ** 20], i); };
     for (let i = 0; i < ${count}; i++) { await lose(i); peak(); }`,
  'awaiting timers': (count) =>
    `for (let i = 0; i < ${count}; i++) { tf.fill([2 ** 20], i); await new Promise((done) => setTimeout(done)); peak(); }`,
};

/** A cell with such a loop, whose value is the peak in bytes. */
export const losingCell = (loop: string): string => `
  let most = 0;
  const settled = (value: unknown) => Promise.resolve(value);
  const peak = () => { most = Math.max(most, tf.memory().numBytes); };
  ${loop}
  most`;

/** A cell that makes a model, trains it and tells its loss, which is the same at each run. */
export const trainingCell = `
  tf.setSeed(1);
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [8], units: 16, activation: 'relu' }), tf.layers.dense({ units: 1 })] });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const [x, y] = [tf.randomNormal([32, 8]), tf.ones([32, 1])];
  const { history } = await model.fit(x, y, { epochs: 1, verbose: 0 });
  history['loss']![0]`;

export interface TensorSoak {
  /** By form of loop: the peak of the tensors' bytes in MB, the seconds. */
  readonly loops: Readonly<Record<string, { readonly peak: number; readonly seconds: number }>>;
  /** Tensors after each tenth of the runs, and the session's memory then in MB (resident). */
  readonly runs: { readonly tensors: readonly number[]; readonly memory: readonly number[]; readonly seconds: number };
  readonly faults: readonly string[];
}

/** Runs all loops, `lost` tensors each, and the cell that trains `runs` times. */
export async function soakTensors(options: { backend: string; lost: number; runs: number }): Promise<TensorSoak> {
  const faults: string[] = [];
  await using client = await KernelClient.start();
  const valueFrom = async (code: string): Promise<string> => {
    const { reply, published } = await client.run(code);
    if (reply.status !== 'ok') faults.push(`${code.slice(0, 60)}: ${JSON.stringify(reply).slice(0, 300)}`);
    const result = published.find((message) => message.type === 'execute_result');
    return result?.type === 'execute_result' ? String(result.content.data['text/plain']) : '';
  };
  await valueFrom(`%backend ${options.backend}`);
  const loops: Record<string, { peak: number; seconds: number }> = {};
  for (const [form, loop] of Object.entries(losingLoops)) {
    const begun = performance.now();
    const peak = Number(await valueFrom(losingCell(loop(options.lost)))) / 2 ** 20;
    loops[form] = { peak, seconds: (performance.now() - begun) / 1000 };
  }
  const [tensors, memory]: [number[], number[]] = [[], []];
  const begun = performance.now();
  const loss = await valueFrom(trainingCell);
  for (let run = 1; run < options.runs; run++) {
    const again = await valueFrom(trainingCell);
    if (again !== loss) faults.push(`run ${run} gave ${again}, not ${loss}`);
    if ((run + 1) % Math.ceil(options.runs / 10) !== 0) continue;
    // Collects first.
    tensors.push(Number(/^([\d,]+) tensors/m.exec(await valueFrom('%memory'))?.[1]?.replaceAll(',', '')));
    memory.push(Number(await valueFrom('process.memoryUsage().rss')) / 2 ** 20);
  }
  return { loops, runs: { tensors, memory, seconds: (performance.now() - begun) / 1000 }, faults };
}
