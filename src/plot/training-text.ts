// A training as text: one line while it runs, a few when it has ended.
import { count, duration, shortNumber } from '../display/numbers.ts';
import type { TrainingProgress } from './progress.ts';

/** Columns that the line of a running training takes at most. */
const lineWidth = 100;

/** Present values, the loss first, validation beside its own: `loss 0.0812 · acc 0.9754 · val_loss …`. */
export function valuesText(progress: TrainingProgress): string[] {
  const { latest } = progress;
  return progress.metricNames
    .flatMap((name) => [name, `val_${name}`])
    .filter((name) => name in latest)
    .map((name) => `${name} ${shortNumber(latest[name]!)}`);
}

/** `epoch 3/5 ━━━━━━━━╺━━━ 62 % · loss 0.0812 · acc 0.9754 · 9 s left ▇▅▃▂▁`, kept within about 100 columns. */
export function progressLine(progress: TrainingProgress): string {
  const { info, fraction, secondsLeft } = progress;
  let line = `epoch ${progress.epochNumber}/${info.epochs} ${bar(fraction, 20)} ${Math.floor(fraction * 100)} %`;
  const left = secondsLeft === undefined ? '' : ` · ${duration(secondsLeft)} left`;
  for (const part of [progress.phase, brokenText(progress), ...valuesText(progress)])
    if (part && line.length + part.length + left.length <= lineWidth) line += ` · ${part}`;
  line += left;
  const spark = sparkline(lossValues(progress), 12);
  return spark && line.length + spark.length < lineWidth ? `${line} ${spark}` : line;
}

/** How training went, in a line: `5 epochs in 12 s · 24,390 samples/s · loss …`. */
export function endingText(progress: TrainingProgress): string[] {
  const { ending, epochs, info, speed } = progress;
  const after = `${epochs.length} of ${progress.total} epochs, ${duration(progress.seconds)}`;
  const message = ending && 'message' in ending && ending.message ? `: ${ending.message}` : '';
  const heads = {
    done: `${epochs.length} epoch${epochs.length === 1 ? '' : 's'} in ${duration(progress.seconds)}`,
    stopped: `stopped early after ${after}${message}`,
    interrupted: `interrupted after ${after}${message}`,
    error: `failed after ${after}${message}`,
  };
  const parts = [heads[ending?.status ?? 'done'], brokenText(progress)];
  if (speed) parts.push(`${count(Math.round(speed.value))} ${speed.unit}`);
  return [...(info.title ? [info.title] : []), ...parts.filter((part) => part !== undefined)];
}

/** The line of the ending and, for each value, its course over the epochs. */
export function endingLines(progress: TrainingProgress): string {
  const names = progress.metricNames
    .flatMap((name) => [name, `val_${name}`])
    .filter((name) => progress.epochs.some((logs) => logs && name in logs));
  const width = Math.max(0, ...names.map((name) => name.length));
  const rows = names.map((name) => {
    const values = progress.epochs.map((logs) => logs?.[name] ?? Number.NaN);
    const course = values.length > 1 ? `${sparkline(values, 30)}  ${shortNumber(values[0]!)} → ` : '';
    return `${name.padEnd(width)}  ${course}${shortNumber(values.at(-1)!)}`;
  });
  return [endingText(progress).join(' · '), ...(rows.length > 0 ? rows : [valuesText(progress).join(' · ')])]
    .join('\n')
    .trimEnd();
}

export function brokenText({ brokenAt, latest }: TrainingProgress): string | undefined {
  if (brokenAt === undefined) return undefined;
  return `the loss is ${Number.isFinite(latest.loss) ? 'not finite' : shortNumber(latest.loss!)} since ${brokenAt}`;
}

/** The loss of each epoch, or of the steps while the first few run. */
function lossValues({ epochs, steps }: TrainingProgress): number[] {
  return epochs.length >= 4 ? epochs.map((logs) => logs?.loss ?? Number.NaN) : (steps.get('loss')?.y ?? []);
}

function bar(fraction: number, width: number): string {
  const done = Math.floor(fraction * width);
  return done >= width ? '━'.repeat(width) : `${'━'.repeat(done)}╺${'─'.repeat(width - done - 1)}`;
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
