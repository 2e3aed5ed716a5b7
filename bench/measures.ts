// What is measured of a kernel, each in a fresh one, seen from a client over TCP as a notebook server sees it. Times are in ms.
import { KernelClient } from '../kernel/client.ts';
import type { Published } from '../kernel/client-types.ts';
import type { Contestant } from './contestants.ts';
import { treeMemory } from './memory.ts';

/** One measurement's figures by name. */
export type Figures = Readonly<Record<string, number>>;

export interface Measure {
  readonly name: string;
  /** How often each contestant is measured; the median counts. */
  readonly rounds: number;
  readonly run: (contestant: Contestant) => Promise<Figures>;
}

const LINES = 20_000;
const BIG = 20_000_000;
const CELLS = 200;

export const measures: readonly Measure[] = [
  { name: 'start', rounds: 7, run: measureStart },
  { name: 'round trip', rounds: 3, run: measureRoundTrip },
  { name: 'printing', rounds: 3, run: measurePrinting },
  { name: 'memory', rounds: 1, run: measureMemory },
];

const start = ({ spec }: Contestant) => KernelClient.start({ spec, transport: 'tcp' });

async function measureStart(contestant: Contestant): Promise<Figures> {
  const begun = performance.now();
  await using client = await start(contestant);
  const ready = performance.now() - begun;
  await runOk(client, '1+1');
  return { 'spawn → kernel_info, ms': ready, 'spawn → first 1+1, ms': performance.now() - begun };
}

async function measureRoundTrip(contestant: Contestant): Promise<Figures> {
  await using client = await start(contestant);
  for (let i = 0; i < 20; i++) await runOk(client, '1+1');
  const times: number[] = [];
  for (let i = 0; i < CELLS; i++) times.push(await timed(() => runOk(client, '1+1')));
  const definitions: number[] = [];
  for (let i = 0; i < 60; i++) definitions.push(await timed(() => runOk(client, contestant.define(i))));
  return {
    '1+1 → idle, median, ms': quantile(times, 0.5),
    '1+1 → idle, 99 %, ms': quantile(times, 0.99),
    'cell of new definitions → idle, median, ms': quantile(definitions, 0.5),
  };
}

async function measurePrinting(contestant: Contestant): Promise<Figures> {
  await using client = await start(contestant);
  await runOk(client, contestant.printLines(10));
  let [lines, big] = ['', ''];
  const linesTime = await timed(async () => {
    lines = printed(await runOk(client, contestant.printLines(LINES)));
  });
  const bigTime = await timed(async () => {
    big = printed(await runOk(client, contestant.printBig(BIG)));
  });
  // A kernel that loses output is not fast.
  const whole = Array.from({ length: LINES }, (_, i) => `line ${i}\n`).join('');
  if (lines !== whole) throw new Error(`${contestant.name}: of ${LINES} printed lines not all came, or out of order`);
  if (big.length !== BIG + 1) throw new Error(`${contestant.name}: of ${BIG} characters came ${big.length - 1}`);
  return { '20,000 printed lines → idle, ms': linesTime, 'one print of 20 MB → idle, ms': bigTime };
}

async function measureMemory(contestant: Contestant): Promise<Figures> {
  await using client = await start(contestant);
  const before = treeMemory(client.pid!);
  for (let i = 0; i < 300; i++) await runOk(client, contestant.define(i));
  const after = treeMemory(client.pid!);
  if (before === undefined || after === undefined) return {};
  return { 'memory after start, MB': before, 'memory after 300 cells, MB': after };
}

/** Runs a cell that must succeed. */
export async function runOk(client: KernelClient, code: string): Promise<readonly Published[]> {
  const { reply, published } = await client.run(code);
  if (reply.status !== 'ok') throw new Error(`${code.slice(0, 60)}: ${JSON.stringify(reply).slice(0, 400)}`);
  return published;
}

/** What a cell wrote to stdout. */
export function printed(published: readonly Published[]): string {
  return published
    .map((one) => (one.type === 'stream' && one.content.name === 'stdout' ? one.content.text : ''))
    .join('');
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

/** The value below which that part of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
