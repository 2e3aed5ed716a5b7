// A training as a picture: a panel for the loss and one for each metric, training and validation in it.
import { smoothed } from './curve.ts';
import { type Line, lineChart, type Panel } from './line-chart.ts';
import type { TrainingProgress } from './progress.ts';

/** Blue and orange: apart for every eye, readable on white and on black. */
const trainingColor = '#3d85c6';
const validationColor = '#e0812b';

/** Grey that reads on white (4.5 : 1) and on black alike, for pictures that can't know the page. */
const neutralInk = '#767676';

/** More metrics than this are left to the text. */
const panelLimit = 4;

/** The chart as an SVG document; `undefined` before there is anything to draw. `adaptive` takes the page's text colour. */
export function trainingSvg(
  progress: TrainingProgress,
  head: readonly (readonly string[])[],
  adaptive: boolean,
): string | undefined {
  const panels = progress.metricNames.slice(0, panelLimit).flatMap((name) => panelOf(progress, name) ?? []);
  if (panels.length === 0) return undefined;
  const first = progress.info.initialEpoch ?? 0;
  return lineChart(panels, {
    ink: adaptive ? 'currentColor' : neutralInk,
    head,
    // A run that ended early is shown as far as it went.
    xMax: progress.ending ? Math.max(progress.epochs.length, furthest(progress)) || 1 : progress.total,
    xTitle: first > 0 ? `epochs after ${first}` : 'epoch',
  });
}

function furthest(progress: TrainingProgress): number {
  return Math.max(0, ...[...progress.steps.values()].map((curve) => curve.x.at(-1) ?? 0));
}

function panelOf(progress: TrainingProgress, name: string): Panel | undefined {
  const training = epochLine(progress, name, trainingColor, false);
  const validation = epochLine(progress, `val_${name}`, validationColor, true);
  const curve = progress.steps.get(name);
  // Behind the course over epochs the steps are a shade; in a single epoch they are the course.
  const shade = progress.epochs.length > 1;
  const steps: Line[] =
    curve && curve.x.length > 1
      ? [{ x: curve.x, y: smoothed(curve.y), color: trainingColor, opacity: shade ? 0.5 : 1, width: shade ? 1 : 1.5 }]
      : [];
  const lines = [...steps, ...(training ? [training] : []), ...(validation ? [validation] : [])];
  if (lines.length === 0) return undefined;
  const legend = [
    { name: 'training', color: trainingColor },
    ...(validation ? [{ name: 'validation', color: validationColor, dashed: true }] : []),
  ];
  return { title: name, lines, legend };
}

/** Values at the ends of epochs, over 1, 2, … */
function epochLine(progress: TrainingProgress, name: string, color: string, dashed: boolean): Line | undefined {
  const y = progress.epochs.map((logs) => logs?.[name] ?? Number.NaN);
  if (!y.some(Number.isFinite)) return undefined;
  return { x: y.map((_, i) => i + 1), y, color, dashed, dots: y.length <= 30, keep: y.length > 1 };
}
