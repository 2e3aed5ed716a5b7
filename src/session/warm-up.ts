// Takes a cell's way once while nobody waits, so that V8 has compiled it and the processor has its pages: a first cell with a loop and a
// print took 2 ms longer. Has no effect but time.
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { cellError } from './errors/traceback.ts';
import { NO_RULES, rewrite } from './rewrite/rewrite.ts';

/** So long after the session is there, ms, and again while a cell runs: the next may follow at once. */
const LATER = 20;

/** What most cells have. */
const COMMON = `for (let i = 0; i < 2; i++) { const now = (n: number) => n + 1; console.log('line' + now(i)); while (i > 2) {} }`;

/** Some of each: imports, types, patterns, functions, classes, loops, awaits. */
const SAMPLE = `import { join } from 'node:path';
interface Point { readonly x: number; y?: number }
const points: Point[] = [{ x: 1 }], { length } = points;
let sum = 0, [first, ...others] = points.map(({ x }) => x * 2);
async function load<T>(value: T): Promise<T> { return await Promise.resolve(value); }
class Sum { total = 0; add(n: number) { this.total += n; return this; } }
for (let i = 0; i < 3; i++) { sum += i; console.log(\`line \${i}\`); }
for (const { x } of points) if (x > 1) sum = x; else first ??= x;
try { await load(new Sum().add(sum)); } catch (error) { console.error(error); }
sum`;

// Kept before a cell can replace it, and before timers are counted as a cell's.
const [soon, later] = [setImmediate, setTimeout];

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

/** What every first cell would take as long for by itself, 1 to 2 ms. To be called when the session is there. */
export function warmUp(): void {
  rewrite(COMMON, NO_RULES);
  new Console(nowhere).log('line0');
}

/** One at a turn of the event loop, each 1 to 3 ms: a cell waits for no more. */
const STEPS: readonly (() => void)[] = [
  () => rewrite(SAMPLE, NO_RULES),
  () => new Console(nowhere).log('sum %d', 1, { sum: [1, 'a'] }),
  () => cellError(new Error('none')),
];

/** Takes the rest of the way while no cell runs. */
export function warmUpSoon(busy: () => boolean): void {
  const steps = [...STEPS];
  const work = () => {
    if (busy()) return void later(work, LATER).unref();
    steps.shift()?.();
    if (steps.length > 0) soon(work).unref();
  };
  later(work, LATER).unref();
}
