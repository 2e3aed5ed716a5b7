// A training as one live display: HTML and a line of text while it runs, pictures that every client keeps when it has ended.
import { asDisplay, type Display, escapeHtml } from '../display/bundle.ts';
import { count, duration } from '../display/numbers.ts';
import type { MonitorFactory, TrainingMonitor } from './monitor.ts';
import { pictures } from './picture.ts';
import { TrainingProgress } from './progress.ts';
import { trainingSvg } from './training-chart.ts';
import { brokenText, endingLines, endingText, progressLine, valuesText } from './training-text.ts';

/** Shows a display and hands out what redraws it: `show` of the session's outputs. */
export type Show = (display: Display) => { update(display: Display): void };

/** Redraws at most this often, and never for more than this share of the time. */
const interval = 150;
const share = 0.02;

/** Makes monitors that draw through `show`; `now` is a clock in ms. */
export function trainingMonitors(show: Show, now: () => number = () => performance.now()): MonitorFactory {
  return () => liveMonitor(show, now);
}

function liveMonitor(show: Show, now: () => number): TrainingMonitor {
  let progress: TrainingProgress | undefined;
  let shown: ReturnType<Show> | undefined;
  let next = 0;
  const draw = (display: Display): void => {
    if (shown) shown.update(display);
    else shown = show(display);
  };
  /** Draws if it is time; drawing a costly chart makes the time until the next longer. */
  const redraw = (): void => {
    const start = now();
    if (!progress || start < next) return;
    draw(liveDisplay(progress));
    const end = now();
    next = end + Math.max(interval, (end - start) / share);
  };
  return {
    begin(info) {
      progress = new TrainingProgress(info, now());
      next = 0;
      redraw();
    },
    batch(step, logs) {
      progress?.takeStep(step, logs, now());
      redraw();
    },
    epoch(epoch, logs) {
      progress?.takeEpoch(epoch, logs, now());
      redraw();
    },
    phase(name) {
      if (progress) progress.phase = name;
      redraw();
    },
    end(reason) {
      if (!progress || progress.ending) return;
      progress.finish(reason, now());
      draw(endDisplay(progress));
    },
  };
}

/** The running training: HTML, which redraws without a flicker and takes the page's colours. */
function liveDisplay(progress: TrainingProgress): Display {
  const { fraction, secondsLeft, speed, info } = progress;
  const facts = [
    `epoch ${progress.epochNumber}/${info.epochs}`,
    progress.phase ??
      (progress.stepsPerEpoch ? `step ${progress.step}/${progress.stepsPerEpoch}` : `step ${progress.step}`),
    ...(speed ? [`${count(Math.round(speed.value))} ${speed.unit}`] : []),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ];
  const broken = brokenText(progress);
  const percent = Math.floor(fraction * 1000) / 10;
  const html = [
    `<div>${info.title ? `<b>${escapeHtml(info.title)}</b> · ` : ''}${facts.map(escapeHtml).join(' · ')}</div>`,
    `<div style="width:640px;max-width:100%;height:6px;margin:6px 0;border-radius:3px;background:rgba(128,128,128,.25)"><div style="width:${percent}%;height:6px;border-radius:3px;background:#3d85c6"></div></div>`,
    broken ? `<div style="color:#d9534f">${escapeHtml(broken)}</div>` : '',
    `<div>${valuesText(progress).map(escapeHtml).join(' · ')}</div>`,
    trainingSvg(progress, [], true) ?? '',
  ];
  return asDisplay(progressLine(progress), { 'text/html': `<div>${html.join('')}</div>` });
}

/**
 * The training that has ended: SVG and PNG without HTML. JupyterLab and VS Code show the SVG, an untrusted notebook and GitHub the
 * PNG, nbconvert the SVG; HTML would come before both, and its drawing is stripped by GitHub and by untrusted notebooks.
 */
function endDisplay(progress: TrainingProgress): Display {
  const text = endingLines(progress);
  const svg = trainingSvg(progress, [endingText(progress), valuesText(progress)], false);
  if (svg === undefined) return asDisplay(text);
  const { data, metadata, problem } = pictures(svg);
  return asDisplay(problem ? `${text}\n(${problem})` : text, data, metadata);
}
