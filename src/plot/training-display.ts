// A training as a display: HTML and a line of text while it runs, pictures that every client keeps when it has ended.
import { asDisplay, type Display, escapeHtml } from '../display/bundle.ts';
import { duration } from '../display/numbers.ts';
import { alarmColor, seriesColor } from './colors.ts';
import { pictures } from './picture.ts';
import { trainingSvg } from './training-chart.ts';
import type { TrainingProgress } from './training-progress.ts';
import {
  brokenText,
  endingLines,
  endingText,
  factsText,
  placeText,
  progressLine,
  valuesText,
} from './training-text.ts';

/** The running training: HTML, which redraws without a flicker and takes the page's colours. One light picture. */
export function liveDisplay(progress: TrainingProgress): Display {
  const { fraction, secondsLeft, info } = progress;
  const left = secondsLeft === undefined ? '' : `${duration(secondsLeft)} left`;
  const place = [
    ...(info.title ? [`<b>${escapeHtml(info.title)}</b>`] : []),
    ...placeText(progress).map(escapeHtml),
    ...(left ? [left] : []),
  ].join(' · ');
  const broken = brokenText(progress);
  const values = valuesText(progress).map((value) => {
    const [, name, number] = /^(.*) (\S+)$/.exec(value)!;
    return `${escapeHtml(name!)} <b>${escapeHtml(number!)}</b>`;
  });
  const html = [
    `<div>${place}</div>`,
    barHtml(fraction ?? 0),
    broken ? `<div style="color:${alarmColor}">${escapeHtml(broken)}</div>` : '',
    `<div>${values.join(' · ')}</div>`,
    `<div style="opacity:.75">${factsText(progress).map(escapeHtml).join(' · ')}</div>`,
    trainingSvg(progress, { live: true }) ?? '',
  ];
  return asDisplay(progressLine(progress), {
    'text/html': `<div style="font-variant-numeric:tabular-nums">${html.join('')}</div>`,
  });
}

/** How much is done, as a bar of up to 640 px. */
export function barHtml(fraction: number, color: string = seriesColor(0)): string {
  const percent = Math.floor(fraction * 1000) / 10;
  return `<div style="width:640px;max-width:100%;height:6px;margin:6px 0;border-radius:3px;background:rgba(128,128,128,.25)"><div style="width:${percent}%;height:6px;border-radius:3px;background:${color}"></div></div>`;
}

/**
 * The training that has ended: SVG and PNG without HTML. JupyterLab and VS Code show the SVG, an untrusted notebook and GitHub the
 * PNG, nbconvert the SVG; HTML would come before both, and its drawing is stripped by GitHub and by untrusted notebooks.
 */
export function endDisplay(progress: TrainingProgress): Display {
  const text = endingLines(progress);
  const facts = factsText(progress).slice(progress.speed ? 1 : 0);
  const head = [endingText(progress), [...valuesText(progress), ...facts]];
  const svg = trainingSvg(progress, { head, live: false });
  if (svg === undefined) return asDisplay(text);
  const { data, metadata, problem } = pictures(svg);
  return asDisplay(problem ? `${text}\n(${problem})` : text, data, metadata);
}
