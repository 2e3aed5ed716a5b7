// A model as a table of its layers: aligned text and HTML.
import { asDisplay, type Display, escapeHtml } from './bundle.ts';
import { byteSize, count } from './numbers.ts';
import { shapeText } from './tensor-line.ts';
import type { LayerRow, ModelFacts } from './tensor-types.ts';

interface Column {
  readonly title: string;
  readonly right?: boolean;
  text(layer: LayerRow): string;
}

const columns: readonly Column[] = [
  { title: 'layer', text: (layer) => layer.name },
  { title: 'type', text: (layer) => layer.type },
  { title: 'output', text: (layer) => outputText(layer.outputShape) },
  { title: 'parameters', right: true, text: (layer) => count(layer.parameters) },
  { title: 'trainable', text: trainableText },
];

/** Only where layers do not simply follow each other. */
const inputs: Column = { title: 'inputs', text: (layer) => layer.inputs?.join(', ') ?? '' };

/** Layers shown at the head and at the end of a model with more than 120. */
const shownAtEnds = 50;

/** Draws a model's layers, the totals, and what it was compiled with. */
export function drawModel(model: ModelFacts): Display {
  const shown = model.layers.some((layer) => layer.inputs && layer.inputs.length > 0) ? [...columns, inputs] : columns;
  const layers =
    model.layers.length <= 120
      ? model.layers
      : [...model.layers.slice(0, shownAtEnds), null, ...model.layers.slice(-shownAtEnds)];
  const rows = layers.map((layer) => shown.map((column, at) => (layer ? column.text(layer) : at === 0 ? '⋮' : '')));
  const head = `${model.type} "${model.name}"`;
  const facts = totals(model);
  return asDisplay(textTable(`${head} · ${facts}`, shown, rows), { 'text/html': htmlTable(head, facts, shown, rows) });
}

function totals(model: ModelFacts): string {
  const frozen = model.parameters - model.trainableParameters;
  return [
    `${count(model.parameters)} parameters${model.bytes === undefined ? '' : ` (${byteSize(model.bytes)})`}`,
    ...(frozen > 0 ? [`${count(model.trainableParameters)} trainable, ${count(frozen)} not`] : []),
    ...(model.optimizer ? [model.optimizer] : []),
    ...(model.loss ? [model.loss] : []),
  ].join(' · ');
}

function textTable(head: string, shown: readonly Column[], rows: readonly string[][]): string {
  const widths = shown.map((column, at) => Math.max(column.title.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (shown[at]!.right ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [head, rule, line(shown.map((column) => column.title)), rule, ...rows.map(line), rule].join('\n');
}

function htmlTable(head: string, facts: string, shown: readonly Column[], rows: readonly string[][]): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    row
      .map(
        (cell, at) => `<${tag} style="text-align:${shown[at]!.right ? 'right' : 'left'}">${escapeHtml(cell)}</${tag}>`,
      )
      .join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('');
  const titles = cells(
    'th',
    shown.map((column) => column.title),
  );
  return `<div><div><b>${escapeHtml(head)}</b> · ${escapeHtml(facts)}</div><table><thead><tr>${titles}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function outputText(shape: LayerRow['outputShape']): string {
  const several = Array.isArray(shape[0]);
  return several
    ? (shape as readonly (readonly (number | null)[])[]).map(shapeText).join(', ')
    : shapeText(shape as readonly (number | null)[]);
}

function trainableText({ parameters, trainableParameters }: LayerRow): string {
  if (parameters === 0) return '';
  return trainableParameters === parameters
    ? 'yes'
    : trainableParameters === 0
      ? 'no'
      : `${count(trainableParameters)} of them`;
}
