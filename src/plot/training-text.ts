// A training as text: one line while it runs; a chart and its values, in 80 columns, when it has ended.

import { byteSize, count, duration, shortNumber } from '../display/numbers.ts';
import { barLine } from '../display/progress-bars.ts';
import { sideBySide, type TextLine, textChart } from './braille.ts';
import { smoothed } from './curve.ts';
import type { TrainingProgress } from './training-progress.ts';

/** Columns that a line or a chart takes at most. */
const lineWidth = 80;

/** Present values, the loss first, validation beside its own: `loss 0.0812 · acc 0.9754 · val_loss …`. */
export function valuesText(progress: TrainingProgress): string[] {
  const { latest } = progress;
  return progress.metricNames
    .flatMap((name) => [name, `val_${name}`])
    .filter((name) => name in latest)
    .map((name) => `${name} ${shortNumber(latest[name]!)}`);
}

/** Where it is: `epoch 3/20`, `step 12/375`, as far as that is known. */
export function placeText(progress: TrainingProgress): string[] {
  const { info, stepsPerEpoch, phase, step } = progress;
  const epoch = progress.countsEpochs ? [`epoch ${progress.epochNumber}${info.epochs ? `/${info.epochs}` : ''}`] : [];
  return [...epoch, phase ?? `step ${count(step)}${stepsPerEpoch ? `/${count(stepsPerEpoch)}` : ''}`];
}

/** How fast, with which learning rate, in how much memory. */
export function factsText({ speed, facts, peakBytes }: TrainingProgress): string[] {
  const { learningRate, bytes, tensors } = facts;
  const peak = bytes !== undefined && peakBytes > bytes * 1.2 ? ` (at most ${byteSize(peakBytes)})` : '';
  return [
    ...(speed ? [`${rateText(speed.value)} ${speed.unit}`] : []),
    ...(learningRate === undefined ? [] : [`learning rate ${shortNumber(learningRate)}`]),
    ...(bytes === undefined ? [] : [`${byteSize(bytes)}${tensors ? ` in ${count(tensors)} tensors` : ''}${peak}`]),
  ];
}

function rateText(value: number): string {
  return value >= 100 ? count(Math.round(value)) : shortNumber(value, 3);
}

/** `epoch 3/5 ━━━━━━━━╺━━━ 62 % · loss 0.0812 · acc 0.9754 · 9 s left ▇▅▃▂▁`, within 80 columns. */
export function progressLine(progress: TrainingProgress): string {
  const { fraction, secondsLeft } = progress;
  const [first = '', ...places] = placeText(progress);
  const broken = brokenText(progress);
  const size = broken ? 6 : 20;
  let line = fraction === undefined ? first : `${first} ${barLine(fraction, size)} ${Math.floor(fraction * 100)} %`;
  const left = secondsLeft === undefined ? '' : ` · ${duration(secondsLeft)} left`;
  const where = fraction === undefined ? places : progress.phase ? [progress.phase] : [];
  for (const part of [...where, broken, ...valuesText(progress)])
    if (part && line.length + part.length + left.length + 3 <= lineWidth) line += ` · ${part}`;
  line += left;
  const spark = sparkline(lossValues(progress), 12);
  return spark && line.length + spark.length < lineWidth ? `${line} ${spark}` : line;
}

/** How training went, in a line: `5 epochs in 12 s · 24,390 samples/s · loss …`. */
export function endingText(progress: TrainingProgress): string[] {
  const { ending, epochs, info, speed } = progress;
  const time = duration(progress.seconds);
  const amount = progress.countsEpochs ? plural(epochs.length, 'epoch') : plural(progress.step, 'step');
  const of = progress.total !== undefined ? `${epochs.length} of ${plural(progress.total, 'epoch')}` : amount;
  const message = ending && 'message' in ending && ending.message ? `: ${ending.message}` : '';
  const heads = {
    done: `${progress.total !== undefined && epochs.length < progress.total ? of : amount} in ${time}`,
    stopped: `stopped early after ${of}, ${time}${message}`,
    interrupted: `interrupted after ${of}, ${time}${message}`,
    error: `failed after ${of}, ${time}${message}`,
  };
  const told = message.includes('NaN');
  const parts = [heads[ending?.status ?? 'done'], told ? undefined : brokenText(progress)];
  if (speed) parts.push(`${rateText(speed.value)} ${speed.unit}`);
  return [...(info.title ? [info.title] : []), ...parts.filter((part) => part !== undefined)];
}

function plural(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? '' : 's'}`;
}

/** The line of the ending, charts of the loss and the first metric, and each value's course in words. */
export function endingLines(progress: TrainingProgress): string {
  const rows = courseRows(progress);
  return [
    ...wrapped(endingText(progress)),
    ...chartLines(progress),
    ...(rows.length > 0 ? rows : [valuesText(progress).join(' · ')]),
  ]
    .join('\n')
    .trimEnd();
}

/** Facts joined by dots, in lines of 80 columns where they can be. */
function wrapped(facts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const joined = `${lines.at(-1)} · ${fact}`;
    if (lines.length > 0 && joined.length <= lineWidth) lines[lines.length - 1] = joined;
    else lines.push(fact);
  }
  return lines;
}

function chartLines(progress: TrainingProgress): string[] {
  const drawn = progress.metricNames.flatMap((name) => {
    const lines = linesOf(progress, name);
    return lines.length > 0 ? [{ name, lines }] : [];
  });
  // Metrics that say the same, such as a mean squared error beside such a loss, are one chart.
  const chosen = drawn.slice(0, 2);
  const width = chosen.length > 1 ? (lineWidth - 2) / 2 : 64;
  const xMin = Math.min(...chosen.map(({ lines }) => xMinOf(lines)));
  return sideBySide(
    chosen.map(({ name, lines }) => {
      const title = lines.length > 1 ? `${name}   ⠤⠤ training  ○ validation` : name;
      const xTitle = progress.unit;
      return textChart(lines, { title, width, height: 11, xMin, xMax: progress.xMax, xTitle });
    }),
  );
}

function xMinOf(lines: readonly TextLine[]): number {
  const least = Math.min(...lines.map(({ x }) => x[0] ?? 0));
  return least < 1 ? 0 : least;
}

/** The course over epochs, or within them while they are few; validation as marks, of which there is room for about twelve. */
function linesOf(progress: TrainingProgress, name: string): TextLine[] {
  const course = progress.unit === 'epoch' ? progress.course(name) : undefined;
  const curve = progress.steps.get(name);
  const lines: TextLine[] = [];
  if (course && course.length >= 8) lines.push({ x: course.map((_, i) => i + 1), y: course });
  else if (curve && curve.x.length > 1) lines.push({ x: curve.x, y: smoothed(curve.y) });
  else if (course && course.length > 1) lines.push({ x: course.map((_, i) => i + 1), y: course });
  const validation = lines.length > 0 ? progress.course(`val_${name}`) : undefined;
  if (validation) {
    const stride = Math.ceil(validation.length / 12);
    const picked = validation.map((_, i) => i).filter((i) => (validation.length - 1 - i) % stride === 0);
    lines.push({ x: picked.map((i) => i + 1), y: picked.map((i) => validation[i]!), mark: '○' });
  }
  return lines;
}

/** `val_loss  1.5 → 0.5 · best 0.48 in epoch 7` for each value. */
function courseRows(progress: TrainingProgress): string[] {
  const names = progress.metricNames
    .flatMap((name) => [name, `val_${name}`])
    .filter((name) => progress.epochs.some((logs) => logs && name in logs));
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => {
    const values = Array.from(progress.epochs, (logs) => logs?.[name] ?? Number.NaN);
    const last = values.length > 1 ? `${shortNumber(values[0]!)} → ${shortNumber(values.at(-1)!)}` : '';
    const best = progress.best(name);
    const early = best && best.epoch < values.length && values[best.epoch - 1] !== values.at(-1);
    const first = progress.info.initialEpoch ?? 0;
    return `${name.padEnd(width)}  ${last || shortNumber(values.at(-1)!)}${early ? ` · best ${shortNumber(best.value)} in epoch ${best.epoch + first}` : ''}`;
  });
}

export function brokenText({ broken, latest }: TrainingProgress): string | undefined {
  if (!broken) return undefined;
  return `the loss is ${Number.isFinite(latest.loss) ? 'not finite' : shortNumber(latest.loss!)} since ${broken.at}`;
}

/** The loss of each epoch, or of the steps while the first few run. */
function lossValues({ epochs, steps }: TrainingProgress): number[] {
  return epochs.length >= 4 ? Array.from(epochs, (logs) => logs?.loss ?? Number.NaN) : (steps.get('loss')?.y ?? []);
}

const levels = '▁▂▃▄▅▆▇█';

/** Values as bars of eight heights, averaged into at most `width` of them; what is not finite is a blank. */
export function sparkline(values: readonly number[], width: number): string {
  const size = Math.min(width, values.length);
  const means = Array.from({ length: size }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / size), Math.floor(((i + 1) * values.length) / size));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const finite = means.filter(Number.isFinite);
  const min = Math.min(...finite);
  const range = Math.max(...finite) - min;
  return means
    .map((mean) => (Number.isFinite(mean) ? levels[range > 0 ? Math.round(((mean - min) / range) * 7) : 3]! : ' '))
    .join('');
}
