// Answers as tables: one for each network and batch size, medians with their spread.
import { quantile } from '../measures.ts';
import { formatFigure } from '../table.ts';
import type { Answer } from './contestants.ts';

/** What a contestant gave in all rounds, or why there is nothing. */
export interface Result {
  readonly contestant: string;
  readonly answers: readonly Answer[];
  /** Digits of an epoch. */
  readonly images: number;
  readonly problem?: string;
}

export interface Measured {
  readonly title: string;
  readonly batch: number;
  readonly results: readonly Result[];
}

/** Known figures of who can't be run here: tfjs-node stands on bindings that current versions of Node can't load. */
const published: Readonly<Record<string, number>> = { 32: 2.84, 128: 3.14, 512: 4.89 };

export function reportOf(all: readonly Measured[]): string {
  return all.map(tableOf).join('\n\n');
}

function tableOf({ title, batch, results }: Measured): string {
  const head = ['', 'ms a step, warm', 'spread', 'by ours', 'first epoch, s', 'loss after it', 'first progress, ms'];
  const ours = results[0] && warmMedian(results[0]);
  const most = Math.max(...results.map(({ images }) => images));
  const rows = results.map((result) => rowOf(result, ours, most));
  const known = title.startsWith('784') ? published[batch] : undefined;
  if (known)
    rows.push(['tfjs-node 4.22 fit (measured before)', formatFigure(known), '', ratio(known, ours), '', '', '']);
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const notes = results.flatMap(({ contestant, problem }) => (problem ? [`${contestant}: ${problem}`] : []));
  return [
    `**${title}, batch ${batch}**`,
    '',
    line(head),
    rule,
    ...rows.map(line),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function rowOf(result: Result, ours: number | undefined, most: number): string[] {
  const { contestant, answers, images } = result;
  if (answers.length === 0) return [contestant, '–', '', '', '', '', ''];
  const warm = answers.flatMap((answer) => answer.warm);
  const middle = (values: number[]) => quantile(values, 0.5);
  const firsts = answers.flatMap(({ first }) => (first === undefined ? [] : [first]));
  return [
    contestant,
    formatFigure(middle(warm)),
    `${formatFigure(Math.min(...warm))}–${formatFigure(Math.max(...warm))}`,
    ratio(middle(warm), ours),
    formatFigure(middle(answers.map(({ cold }) => cold / 1000))),
    images === most ? middle(answers.map(({ loss }) => loss)).toFixed(3) : `(${images} digits)`,
    firsts.length > 0 ? formatFigure(middle(firsts)) : '',
  ];
}

const warmMedian = ({ answers }: Result): number | undefined =>
  answers.length > 0
    ? quantile(
        answers.flatMap((answer) => answer.warm),
        0.5,
      )
    : undefined;

const ratio = (value: number, ours: number | undefined): string => (ours ? `${formatFigure(value / ours)}×` : '');
