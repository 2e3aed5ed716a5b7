// `npm run bench:watching`: what it costs to look at a training. The same training in a cell of our kernel, shown and not shown by turns;
// a hand-written loop with and without `training.track`; what `progress` takes for an item.
import { cpus, loadavg } from 'node:os';
import { KernelClient } from '../kernel/client.ts';
import { ours } from './contestants.ts';
import { type Figures, printed, quantile, runOk } from './measures.ts';

const BATCHES = [32, 128, 512];

/** Prints, as JSON, seconds of each round: shown and not, by turns. A training lasts a few seconds, so that its end weighs little. */
const trainings = (rounds: number, seconds: number) => `
const shares = {};
for (const batchSize of ${JSON.stringify(BATCHES)}) {
  const model = tf.sequential({ layers: [
    tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ] });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['acc'] });
  const x = tf.randomUniform([batchSize * 100, 784]);
  const y = tf.floor(tf.randomUniform([batchSize * 100], 0, 10));
  const time = async (verbose, epochs) => {
    const begun = performance.now();
    const { user, system } = process.cpuUsage();
    await model.fit(x, y, { epochs, batchSize, verbose });
    const used = process.cpuUsage({ user, system });
    return { wall: performance.now() - begun, cpu: (used.user + used.system) / 1000 };
  };
  await time(1, 20);
  const epochs = Math.max(5, Math.round(${seconds * 1000} / ((await time(0, 20)).wall / 20)));
  const [shown, quiet] = [[], []];
  for (let round = 0; round < ${rounds}; round++) {
    quiet.push(await time(0, epochs));
    shown.push(await time(1, epochs));
  }
  shares[batchSize] = { shown, quiet };
}
console.log(JSON.stringify(shares));`;

const loops = `
import { progress, training } from 'tensorcell';
const items = new Float32Array(2_000_000);
let sum = 0;
const best = (run) => Math.min(...Array.from({ length: 5 }, () => { const begun = performance.now(); run(); return performance.now() - begun; }));
const plain = best(() => { for (const x of items) sum += x; });
const shown = best(() => { for (const x of progress(items, 'items')) sum += x; });
const tracked = best(() => { using run = training.track({ steps: 500_000 }); for (let i = 0; i < 500_000; i++) run.step({ loss: 1 / (i + 1) }); });
console.log(JSON.stringify({ item: (shown - plain) / items.length * 1e6, step: tracked / 500_000 * 1e6 }));`;

interface Round {
  readonly wall: number;
  readonly cpu: number;
}

async function main(): Promise<void> {
  const load = () => loadavg()[0]!.toFixed(2);
  const [first] = cpus();
  console.log(`${cpus().length} × ${first?.model.trim()}, Node ${process.versions.node}, load ${load()} at the start`);
  await using client = await KernelClient.start({ spec: ours.spec, transport: 'tcp' });
  await runOk(client, '%check off');
  const shares = JSON.parse(printed(await runOk(client, trainings(5, 3)))) as Record<
    string,
    { readonly shown: Round[]; readonly quiet: Round[] }
  >;
  for (const batch of BATCHES) {
    const { shown, quiet } = shares[batch]!;
    const middle = (rounds: readonly Round[], of: keyof Round) =>
      quantile(
        rounds.map((round) => round[of]),
        0.5,
      );
    const more = (of: keyof Round) => ((middle(shown, of) / middle(quiet, of) - 1) * 100).toFixed(1);
    console.log(
      `batch ${batch}: shown ${middle(shown, 'wall').toFixed(0)} ms, not shown ${middle(quiet, 'wall').toFixed(0)} ms: ` +
        `${more('wall')} % more time, ${more('cpu')} % more of the processor`,
    );
  }
  const { item, step } = JSON.parse(printed(await runOk(client, loops))) as Figures;
  console.log(`progress: ${item!.toFixed(0)} ns an item; training.track: ${step!.toFixed(0)} ns a step`);
  console.log(`load ${load()} at the end`);
}

await main();
