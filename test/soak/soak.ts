// Many cells of all kinds through one real kernel, as a long day of work would send them: what was lost, and how the memory went. The same
// seed sends the same cells.
import { treeMemory } from '../../bench/memory.ts';
import { KernelClient } from '../../kernel/client.ts';
import type { Published } from '../../kernel/client-types.ts';

export interface SoakResult {
  readonly cells: number;
  /** One line for each thing that was not as it must be; none after a good run. */
  readonly faults: readonly string[];
  /** Of the kernel and its session, in MB (proportional set size), at each tenth of the run; empty where that can't be told. */
  readonly memory: readonly number[];
  readonly seconds: number;
}

/** A cell and what must come of it: its whole stdout, and the text of its value or the name of its error. */
interface Cell {
  readonly code: string;
  readonly stdout?: string;
  readonly value?: string;
  readonly error?: string;
  readonly displays?: number;
  /** Interrupted when it has printed this. */
  readonly until?: string;
}

/** Longest wait for one cell, ms. */
const PATIENCE = 60_000;

const KINDS: readonly ((n: number, random: () => number) => Cell)[] = [
  (n) => ({ code: `let v${n % 50} = ${n}; v${n % 50} + 1`, value: String(n + 1) }),
  (n) => ({ code: `console.log("cell ${n}");`, stdout: `cell ${n}\n` }),
  (n, random) => {
    const lines = 1 + Math.floor(random() * 300);
    const stdout = Array.from({ length: lines }, (_, i) => `${n}:${i}\n`).join('');
    return { code: `for (let i = 0; i < ${lines}; i++) console.log("${n}:" + i);`, stdout };
  },
  (n) => ({
    code: `console.log("before"); throw new RangeError("cell ${n}")`,
    stdout: 'before\n',
    error: 'RangeError',
  }),
  () => ({ code: 'const = 3', error: 'SyntaxError' }),
  (n) => ({
    code: `const shown = display({ n: ${n} }); shown.update("two"); console.log("between"); display("three");`,
    stdout: 'between\n',
    displays: 3,
  }),
  (n) => ({
    code: `await new Promise((r) => setTimeout(r, ${n % 7})); console.log("late"); ${n}`,
    stdout: 'late\n',
    value: `${n}`,
  }),
  () => ({ code: 'const block = new Float64Array(200_000); block.length', value: '200000' }),
  () => ({
    code: 'process.stdout.write("a"); console.log("b"); process.stdout.write("c\\n"); void 0',
    stdout: 'ab\nc\n',
  }),
  () => ({ code: 'console.log("in"); for (;;);', stdout: 'in\n', error: 'KeyboardInterrupt', until: 'in' }),
  () => ({
    code: 'console.log("in"); for (;;) await new Promise((r) => setTimeout(r, 1));',
    stdout: 'in\n',
    error: 'KeyboardInterrupt',
    until: 'in',
  }),
];

/** Runs so many cells; kinds and sizes follow from the seed. */
export async function soak({ cells, seed }: { cells: number; seed: number }): Promise<SoakResult> {
  const random = generator(seed);
  const start = performance.now();
  await using client = await KernelClient.start();
  const faults: string[] = [];
  const memory: number[] = [];
  for (let n = 0; n < cells; n++) {
    const cell = KINDS[Math.floor(random() * KINDS.length)]!(n, random);
    const fault = await check(client, cell);
    if (fault) faults.push(`cell ${n} (${cell.code.slice(0, 60)}): ${fault}`);
    if (fault === LOST) break;
    if ((n + 1) % Math.ceil(cells / 10) !== 0) continue;
    const now = treeMemory(client.pid!);
    if (now !== undefined) memory.push(now);
  }
  return { cells, faults, memory, seconds: (performance.now() - start) / 1000 };
}

const LOST = 'its reply or its idle did not come';

/** Runs a cell; what is wrong with what came of it, if anything is. */
async function check(client: KernelClient, cell: Cell): Promise<string | undefined> {
  let [stdout, value, displays, stderr] = ['', undefined as string | undefined, 0, ''];
  const order: string[] = [];
  let interrupted = false;
  const onPublished = (message: Published) => {
    order.push(message.type === 'status' ? message.content.execution_state : message.type);
    if (message.type === 'stream' && message.content.name === 'stdout') stdout += message.content.text;
    if (message.type === 'stream' && message.content.name === 'stderr') stderr += message.content.text;
    if (message.type === 'execute_result') value = String(message.content.data['text/plain']);
    if (message.type === 'display_data' || message.type === 'update_display_data') displays++;
    if (cell.until === undefined || interrupted || !stdout.includes(cell.until)) return;
    interrupted = true;
    void client.interrupt();
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  const reply = await Promise.race([client.execute(cell.code, { onPublished }).done, late]);
  clearTimeout(timer);
  if (!reply) return LOST;
  const error = reply.status === 'error' ? reply.ename : undefined;
  if (error !== cell.error) return `ended with ${error ?? reply.status}, not ${cell.error ?? 'ok'}`;
  if (stdout !== (cell.stdout ?? '')) return `printed ${JSON.stringify(stdout.slice(0, 80))}`;
  if (stderr !== '') return `printed ${JSON.stringify(stderr.slice(0, 80))} on stderr`;
  if (value !== cell.value) return `was ${value}, not ${cell.value}`;
  if (displays !== (cell.displays ?? 0)) return `${displays} displays`;
  if (order[0] !== 'busy' || order.filter((state) => state === 'idle').length !== 1 || order.at(-1) !== 'idle')
    return `came as ${order.join()}`;
  return undefined;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
