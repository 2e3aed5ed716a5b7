// Takes a cell's way once while nobody waits, so that V8 has compiled it and the processor has its pages: a first cell with a loop and a
// print took 2 ms longer. Has no effect but time.
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { cellError } from './errors/traceback.ts';
import { NO_RULES, rewrite } from './rewrite/rewrite.ts';

/** In ms after the session is there: behind a first cell that has waited for it. */
const IDLE = 40;

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
const later = setTimeout;

/** Warms up soon unless a cell runs then, which does so itself. */
export function warmUpSoon(busy: () => boolean): void {
  later(() => {
    if (!busy()) warmUp();
  }, IDLE).unref();
}

function warmUp(): void {
  rewrite(SAMPLE, NO_RULES);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  new Console(nowhere).log('sum %d', 1, { sum: [1, 'a'] });
  cellError(new Error('none'));
}
