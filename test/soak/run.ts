// `npm run soak [CELLS] [SEED]`: the whole run, of 2,000 cells. `npm run soak tensors [LOST] [RUNS] [BACKEND]`: 10,000 lost tensors in each form
// of loop and 1,000 runs of a cell that trains. `npm run soak training [INTERRUPTS] [SEED]`: 500 interrupts of a training. `npm run soak types
// [CELLS]`: 500 cells with types, and what is asked beside them. Exit code 1 when anything was lost, or time or memory grew.
import { growth } from './memory.ts';
import { soak } from './soak.ts';
import { soakTensors } from './tensors.ts';
import { soakTraining } from './training.ts';
import { soakTypes } from './types.ts';

/** MB. A session keeps 1.75 KB of each cell. */
const MOST_GROWTH = 20;
/** MB of tensors that a loop may have at once: lost ones wait for 256 MB of their kind. */
const MOST_LOST = 400;
/** MB for each run of the cell that trains. */
const MOST_PER_RUN = 0.05;

/** MB for 500 cells with types: what TypeScript's server keeps of those that have names. */
const MOST_TYPES = 60;
/** A question beside a cell in a loop, ms; half more of them all are the machine's. */
const MOST_QUESTION = 30;
const MOST_SLOWER = 1.5;

const figures = (all: readonly number[]) => all.map((one) => one.toFixed(0)).join(' ');

async function cells(count: number, seed: number): Promise<boolean> {
  const { faults, memory, seconds } = await soak({ cells: count, seed });
  for (const fault of faults) console.log(fault);
  console.log(`${count} cells in ${seconds.toFixed(0)} s, seed ${seed}: ${faults.length} faults`);
  console.log(`memory in MB at each tenth: ${figures(memory)}`);
  const grown = growth(memory);
  console.log(`grown by ${grown.toFixed(0)} MB from its second fifth to its last`);
  return faults.length === 0 && grown <= MOST_GROWTH;
}

async function tensors(lost: number, runs: number, backend: string): Promise<boolean> {
  const soaked = await soakTensors({ backend, lost, runs });
  for (const fault of soaked.faults) console.log(fault);
  for (const [form, { peak, seconds }] of Object.entries(soaked.loops))
    console.log(
      `${lost} tensors of 4 MB lost, ${form}: at most ${peak.toFixed(0)} MB at once, ${seconds.toFixed(0)} s`,
    );
  const { memory, seconds } = soaked.runs;
  console.log(`${runs} runs of a cell that trains on ${backend}, ${seconds.toFixed(0)} s; at each tenth`);
  console.log(`  tensors: ${figures(soaked.runs.tensors)}`);
  console.log(`  memory in MB: ${figures(memory)}`);
  const grown = growth(memory);
  console.log(`grown by ${grown.toFixed(0)} MB from the second fifth to the last`);
  const flat = new Set(soaked.runs.tensors).size <= 1 && grown <= Math.max(MOST_GROWTH, MOST_PER_RUN * runs);
  const freed = Object.values(soaked.loops).every(({ peak }) => peak < MOST_LOST);
  return soaked.faults.length === 0 && flat && freed;
}

async function trainings(count: number, seed: number): Promise<boolean> {
  const { faults, latencies, follows } = await soakTraining({ count, seed });
  for (const fault of faults) console.log(fault);
  const sorted = [...latencies].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0);
  console.log(`${count} interrupts of a training, seed ${seed}: ${faults.length} faults`);
  console.log(`the cell ended after ${at(0.5)} ms, at most ${at(1)} ms`);
  const { pause, learningRate, stop } = follows;
  const ms = [pause, learningRate, stop].map((value) => value.toFixed(0));
  console.log(
    `a pause was followed after ${ms[0]} ms, a new learning rate after ${ms[1]} ms, a stop after ${ms[2]} ms`,
  );
  return faults.length === 0;
}

async function types(count: number): Promise<boolean> {
  const { faults, memory, cell, questions, beside, seconds } = await soakTypes(count);
  for (const fault of faults) console.log(fault);
  const both = ([first, last]: readonly [number, number]) => `${first.toFixed(1)} → ${last.toFixed(1)} ms`;
  console.log(
    `${count} cells with types in ${seconds.toFixed(0)} s: ${faults.length} faults; medians from the first to the last`,
  );
  console.log(`  a cell: ${both(cell)}`);
  for (const [question, times] of Object.entries(questions))
    console.log(
      `  ${question}: ${both(times)}; beside a loop ${beside[question as keyof typeof beside].toFixed(1)} ms`,
    );
  console.log(`memory in MB at each tenth: ${figures(memory)}`);
  const grown = growth(memory);
  console.log(`grown by ${grown.toFixed(0)} MB from the second fifth to the last`);
  const flat = [cell, ...Object.values(questions)].every(([first, last]) => last <= first * MOST_SLOWER + 1);
  const soon = Object.values(beside).every((time) => time <= MOST_QUESTION);
  return faults.length === 0 && flat && soon && grown <= (MOST_TYPES * count) / 500;
}

const [kind, ...rest] = process.argv.slice(2);
const soaks: Record<string, () => Promise<boolean>> = {
  tensors: () => tensors(Number(rest[0] ?? 10_000), Number(rest[1] ?? 1000), rest[2] ?? 'tensorflow'),
  training: () => trainings(Number(rest[0] ?? 500), Number(rest[1] ?? 1)),
  types: () => types(Number(rest[0] ?? 500)),
};
const soaked = soaks[kind ?? ''] ?? (() => cells(Number(kind ?? 2000), Number(rest[0] ?? 1)));
process.exitCode = (await soaked()) ? 0 : 1;
