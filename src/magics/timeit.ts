import type { Compiled, Magic } from '../session/parts.ts';
import { duration } from './duration.ts';

/** A run of loops lasts at least this long, in ms: below, the clock and the first compilations say more than the code. */
const ENOUGH = 200;
const RUNS = 7;
const usage = '%timeit [-n loops] [-r runs] code';

/** Runs code many times and says how long one time takes. */
export const timeit: Magic = {
  name: 'timeit',
  usage,
  summary:
    'Runs the code, or with %%timeit the cell, as often as it takes to tell its time: mean ± deviation of the runs.',
  async run(call, context) {
    const { loops: wanted, runs = RUNS } = options(call.args);
    const measure = await measurer(await context.compile(call), await context.compile(call, 'repeat'));
    const loops = wanted ?? (await enoughLoops(measure));
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push((await measure(loops)) / loops);
    const mean = times.reduce((sum, one) => sum + one, 0) / runs;
    const deviation = Math.sqrt(times.reduce((sum, one) => sum + (one - mean) ** 2, 0) / runs);
    const many = (n: number, what: string) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
    console.log(
      `${duration(mean)} ± ${duration(deviation)} a loop (mean ± deviation of ${many(runs, 'run')}, ${many(loops, 'loop')} each)`,
    );
  },
};

function options(args: string): { loops?: number; runs?: number } {
  const found = { loops: option(args, 'n'), runs: option(args, 'r') };
  for (const [name, value] of Object.entries(found))
    if (value !== undefined && value < 1) throw new RangeError(`${usage}: ${name} must be at least 1, got ${value}`);
  return {
    ...(found.loops !== undefined && { loops: found.loops }),
    ...(found.runs !== undefined && { runs: found.runs }),
  };
}

function option(args: string, letter: string): number | undefined {
  const found = new RegExp(`^(?:-[a-z]\\s*\\d+\\s+)*?-${letter}\\s*(\\d+)(?:\\s|$)`).exec(args);
  return found === null ? undefined : Number(found[1]);
}

/** Milliseconds that a number of loops takes. The code has run once before, so that its first errors come from its own place. */
async function measurer(once: Compiled, repeated: Compiled): Promise<(loops: number) => Promise<number>> {
  const first = once.run();
  const awaits = !once.isAsync && typeof (first as PromiseLike<unknown> | null)?.then === 'function';
  await first;
  return async (loops) => {
    const start = performance.now();
    if (awaits) for (let loop = 0; loop < loops; loop++) await once.run();
    else if (once.isAsync) await repeated.run(loops);
    else repeated.run(loops);
    return performance.now() - start;
  };
}

/** The least of 1, 2, 5, 10, 20, … loops that take long enough. */
async function enoughLoops(measure: (loops: number) => Promise<number>): Promise<number> {
  for (let ten = 1; ; ten *= 10)
    for (const loops of [ten, 2 * ten, 5 * ten]) if ((await measure(loops)) >= ENOUGH || loops >= 1e9) return loops;
}
