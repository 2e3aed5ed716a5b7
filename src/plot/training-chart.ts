// A training as a picture: a panel for the loss and one for each metric, training and validation in it, and where it broke or was best.
import { shortNumber } from '../display/numbers.ts';
import { alarmColor, quietColor, seriesColor } from './colors.ts';
import { smoothed } from './curve.ts';
import { type Line, lineChart, type Panel } from './line-chart.ts';
import { isGain, type TrainingProgress } from './training-progress.ts';

const trainingColor = seriesColor(0);
const validationColor = seriesColor(1);

/** More panels than this are left to the text. */
const panelLimit = 6;

export interface TrainingStyle {
  /** Facts over the panels, paragraph by paragraph. */
  readonly head?: readonly (readonly string[])[];
  /** For inside a page; else for anywhere, with values of points where a pointer rests. */
  readonly live: boolean;
}

/** The chart as an SVG document; `undefined` before there is anything to draw. */
export function trainingSvg(progress: TrainingProgress, { head = [], live }: TrainingStyle): string | undefined {
  const panels = progress.metricNames.flatMap((name) => panelOf(progress, name, live) ?? []);
  if (panels.length === 0) return undefined;
  const rate = ratePanel(progress);
  const shown = [...panels.slice(0, panelLimit - (rate ? 1 : 0)), ...(rate ? [rate] : [])];
  const first = progress.info.initialEpoch ?? 0;
  return lineChart(shown, {
    ink: live ? 'page' : 'alone',
    head,
    xMax: progress.xMax,
    xTitle: first > 0 ? `epochs after ${first}` : progress.unit,
  });
}

function panelOf(progress: TrainingProgress, name: string, live: boolean): Panel | undefined {
  const training = epochLine(progress, name, trainingColor, live);
  const validation = epochLine(progress, `val_${name}`, validationColor, live);
  const curve = progress.steps.get(name);
  // Behind the course over epochs the steps are a shade; in a single epoch they are the course.
  const shade = progress.epochs.length > 1;
  // Steps that were told of now and then only are noise there.
  const enough = curve && curve.x.length > (shade ? 5 * progress.epochs.length : 1);
  const steps: Line[] =
    curve && enough
      ? [{ x: curve.x, y: smoothed(curve.y), color: trainingColor, opacity: shade ? 0.5 : 1, width: shade ? 1 : 1.5 }]
      : [];
  const lines = [...steps, ...(training ? [training] : []), ...(validation ? [validation] : [])];
  if (lines.length === 0) return undefined;
  const legend = [
    { name: 'training', color: trainingColor },
    ...(validation ? [{ name: 'validation', color: validationColor, dashed: true }] : []),
  ];
  return { title: name, lines, legend, marks: marksOf(progress), rises: isGain(name), ...ringOf(progress, name) };
}

/** Values at the ends of epochs, over 1, 2, … */
function epochLine(progress: TrainingProgress, name: string, color: string, live: boolean): Line | undefined {
  const y = progress.course(name);
  if (!y || progress.unit === 'step') return undefined;
  const x = y.map((_, i) => i + 1);
  const few = y.length <= 60;
  const dots = few && (live || `${name}, epoch`);
  return { x, y, color, dashed: name.startsWith('val_'), dots, keep: y.length > 1 };
}

/** The learning rate, where it has changed. */
function ratePanel({ rates }: TrainingProgress): Panel | undefined {
  if (rates.y.every((rate) => rate === rates.y[0])) return undefined;
  const color = seriesColor(2);
  return { title: 'learning rate', lines: [{ x: rates.x, y: rates.y, color, width: 1.5, keep: true }], legend: [] };
}

/** Where the loss was no number any more, and where an unfinished run ended. */
function marksOf({ broken, ending, x }: TrainingProgress): NonNullable<Panel['marks']> {
  const words = { stopped: 'stopped early', interrupted: 'interrupted', error: 'failed' } as const;
  const end = ending && ending.status !== 'done' && x > 0 ? words[ending.status] : undefined;
  return [
    ...(broken ? [{ x: broken.x, name: 'not a number', color: alarmColor }] : []),
    ...(end && !broken ? [{ x, name: end, color: end === 'failed' ? alarmColor : quietColor }] : []),
  ];
}

/** The best epoch by validation, told apart from the last one by a few epochs at least. */
function ringOf(progress: TrainingProgress, name: string): Pick<Panel, 'ring'> {
  const best = progress.unit === 'epoch' ? progress.best(`val_${name}`) : undefined;
  if (!best || progress.epochs.length < 3) return {};
  const ring = { x: best.epoch, y: best.value, name: `○ best ${shortNumber(best.value)}`, color: validationColor };
  return { ring };
}
