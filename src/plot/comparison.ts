// Several trainings in one chart: a panel for each value, a colour for each run, validation dashed; and a table of where each came to.
import { asDisplay, type Display } from '../display/bundle.ts';
import { type Drawable, drawSymbol } from '../display/custom.ts';
import { duration, shortNumber } from '../display/numbers.ts';
import { sideBySide, textChart } from './braille.ts';
import { seriesColor } from './colors.ts';
import { smoothed } from './curve.ts';
import { type Line, lineChart, type Panel } from './line-chart.ts';
import { pictures } from './picture.ts';
import type { Row } from './rows.ts';
import { progressOf, type Run } from './run.ts';
import { isGain } from './training-progress.ts';

export interface ComparisonOptions {
  /** Runs, or their names or numbers; default the last six. */
  readonly runs?: readonly (Run | string | number)[];
  /** Values to show, such as `['loss', 'acc']`; default all that the runs have, validation with them. */
  readonly metrics?: readonly string[];
  /** Over epochs, or over the seconds since each began. */
  readonly by?: 'epoch' | 'time';
}

/** Panels at most. */
const panelLimit = 6;

/** Letters that stand for the runs in a terminal. */
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Runs side by side; draws itself when it is shown. */
export class Comparison implements Drawable {
  readonly runs: readonly Run[];
  readonly #metrics: readonly string[];
  readonly #by: 'epoch' | 'time';

  constructor(runs: readonly Run[], { metrics, by = 'epoch' }: ComparisonOptions) {
    if (runs.length === 0) throw new RangeError('runs.compare: there must be a run, got none');
    if (by !== 'epoch' && by !== 'time')
      throw new RangeError(`runs.compare: by must be 'epoch' or 'time', got '${by}'`);
    const known = [...new Set(runs.flatMap((run) => progressOf(run).metricNames))];
    const missing = metrics?.find((name) => !known.includes(name));
    if (missing !== undefined)
      throw new RangeError(`runs.compare: no run has a value "${missing}", there are ${known.join(', ')}`);
    this.runs = runs;
    this.#metrics = metrics ?? known;
    this.#by = by;
  }

  /** The rows of all runs, for a chart of one's own. */
  rows(): Row[] {
    return this.runs.flatMap((run) => run.rows());
  }

  [drawSymbol](): Display {
    const text = this.toString();
    const panels = this.#metrics.flatMap((name) => this.#panel(name) ?? []).slice(0, panelLimit);
    if (panels.length === 0) return asDisplay(text);
    const validated = panels.some(({ lines }) => lines.some(({ dashed }) => dashed));
    const svg = lineChart(panels, {
      ink: 'alone',
      head: [],
      legend: this.runs.map(({ name }, i) => ({ name, color: seriesColor(i) })),
      xMax: Math.max(...panels.flatMap(({ lines }) => lines.map(({ x }) => x.at(-1) ?? 0)), Number.MIN_VALUE),
      xTitle: `${this.#by === 'time' ? 'seconds' : this.#unit}${validated ? ' (validation dashed)' : ''}`,
    });
    const { data, metadata, problem } = pictures(svg);
    return asDisplay(problem ? `${text}\n(${problem})` : text, data, metadata);
  }

  /** Charts of the first two values, each run a letter, and a line for each run; the best of each column has a star. */
  toString(): string {
    return [...this.#charts(), ...this.#table()].join('\n');
  }

  get #unit(): string {
    return this.runs.every((run) => progressOf(run).unit === 'step') ? 'step' : 'epoch';
  }

  #panel(name: string): Panel | undefined {
    const lines = this.runs.flatMap((run, i) => this.#lines(run, name, seriesColor(i)));
    return lines.length > 0 ? { title: name, lines, legend: [] } : undefined;
  }

  #lines(run: Run, name: string, color: string): Line[] {
    const progress = progressOf(run);
    const lines: Line[] = [];
    for (const each of [name, `val_${name}`]) {
      const y = progress.course(each);
      if (!y) continue;
      const x = this.#by === 'time' ? y.map((_, i) => progress.times[i] ?? 0) : y.map((_, i) => i + 1);
      const dots = y.length <= 30 && `${run.name}, ${each}, ${this.#by === 'time' ? 'second' : 'epoch'}`;
      lines.push({ x, y, color, dashed: each !== name, keep: true, width: 1.5, ...(dots && { dots }) });
    }
    const curve = progress.steps.get(name);
    // Within its first epoch a run has steps alone.
    if (lines.every(({ x }) => x.length < 2) && curve && curve.x.length > 1 && this.#by === 'epoch')
      lines.unshift({ x: curve.x, y: smoothed(curve.y), color, width: 1.5 });
    return lines;
  }

  #charts(): string[] {
    const drawn = this.#metrics.flatMap((name) => {
      const courses = this.runs.flatMap((run, i) =>
        this.#lines(run, `${name}`, '')
          .filter(({ dashed }) => !dashed)
          .map(({ x, y }) => ({ x, y, mark: letters[i] ?? '·' })),
      );
      return courses.some(({ x }) => x.length > 1) ? [{ name, courses }] : [];
    });
    const width = drawn.length > 1 ? 39 : 64;
    return sideBySide(
      drawn.slice(0, 2).map(({ name, courses }) => {
        const ends = courses.flatMap(({ x }) => [x[0] ?? 0, x.at(-1) ?? 0]);
        const least = Math.min(...ends);
        const [xMin, xMax] = [least < 1 ? 0 : least, Math.max(...ends)];
        const lines = courses.flatMap(({ x, y, mark }) => [
          { x, y },
          { x: x.slice(-1), y: y.slice(-1), mark },
        ]);
        const xTitle = this.#by === 'time' ? 'seconds' : this.#unit;
        return textChart(lines, { title: name, width, height: 11, xMin, xMax, xTitle });
      }),
    );
  }

  #table(): string[] {
    const names = this.#metrics
      .flatMap((name) => [name, `val_${name}`])
      .filter((name) => this.runs.some((run) => progressOf(run).course(name) || name in progressOf(run).latest));
    const finals = names.map((name) =>
      this.runs.map((run) => progressOf(run).best(name)?.value ?? progressOf(run).latest[name]),
    );
    const columns = names.map((name, i) => {
      const values = finals[i]!.filter((value): value is number => Number.isFinite(value));
      const best = isGain(name) ? Math.max(...values) : Math.min(...values);
      const cells = finals[i]!.map((value) =>
        value === undefined ? '' : `${shortNumber(value)}${value === best && values.length > 1 ? ' *' : '  '}`,
      );
      const head = `${name}  `;
      const width = Math.max(head.length, ...cells.map((cell) => cell.length));
      return [head.padStart(width), ...cells.map((cell) => cell.padStart(width))];
    });
    const titles = ['run', ...this.runs.map(({ name }, i) => `${letters[i] ?? ' '}  ${name}`)];
    const times = [
      '',
      ...this.runs.map((run) => {
        const { status, seconds } = run;
        const progress = progressOf(run);
        const amount = progress.countsEpochs
          ? `${progress.epochs.length} epoch${progress.epochs.length === 1 ? '' : 's'}`
          : `${progress.step} steps`;
        return `${amount}, ${duration(seconds)}${status === 'done' ? '' : `, ${status === 'error' ? 'failed' : status}`}`;
      }),
    ];
    const wide = Math.max(...titles.map((title) => title.length));
    return titles.map((title, i) =>
      [title.padEnd(wide), ...columns.map((column) => column[i]!), times[i]!].join('  ').trimEnd(),
    );
  }
}
