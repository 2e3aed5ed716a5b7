// The trainings of this session, kept as data: the last, all of them, several in one chart.
import { Comparison, type ComparisonOptions } from './comparison.ts';
import type { TrainingInfo } from './monitor.ts';
import { Run } from './run.ts';
import type { TrainingProgress } from './training-progress.ts';

/** Runs kept at most; the oldest go first. */
const most = 200;

const kept: Run[] = [];
let count = 0;

/** Keeps a training that begins. */
export function keepRun(progress: TrainingProgress, follow: () => void): Run {
  const run = new Run(progress, ++count, follow);
  kept.push(run);
  if (kept.length > most) kept.shift();
  return run;
}

/** What is told of a run beforehand, with a name that no other has. */
export function named(info: TrainingInfo): TrainingInfo {
  if (info.name === undefined || !kept.some(({ name }) => name === info.name)) return info;
  let again = 2;
  while (kept.some(({ name }) => name === `${info.name} (${again})`)) again++;
  return { ...info, name: `${info.name} (${again})` };
}

/**
 * The trainings of this session, by `fit`, `fitDataset` and `training.track`: 200 of them at most.
 * @example runs.last.history.val_loss; runs.compare()
 */
export const runs = {
  /** The one that began last; `undefined` before the first. */
  get last(): Run | undefined {
    return kept.at(-1);
  },

  /** All, oldest first. */
  all(): Run[] {
    return [...kept];
  },

  /** The one of a name or a number. @throws RangeError when there is none. */
  get(which: string | number): Run {
    const run = kept.find(({ name, number }) => name === which || number === which);
    if (run) return run;
    const names = kept.map(({ name }) => `"${name}"`).join(', ');
    throw new RangeError(
      `runs.get: there is no run ${JSON.stringify(which)}, ${names ? `there are ${names}` : 'none has begun'}`,
    );
  },

  /**
   * Several runs in one chart, a colour for each: by default the last six, over epochs.
   * @throws RangeError for names that no run has, and when there is none to compare.
   */
  compare(options: ComparisonOptions = {}): Comparison {
    const wanted = options.runs?.map((run) => (typeof run === 'object' ? run : runs.get(run))) ?? kept.slice(-6);
    return new Comparison(wanted, options);
  },

  /** Forgets all of them. */
  clear(): void {
    kept.length = 0;
  },
};
