// A model as a table of its layers: text in 80 columns, and HTML in which models within are folded.
import { asDisplay, type Display, escapeHtml } from './bundle.ts';
import { byteSize, count, shortNumber } from './numbers.ts';
import { shapeText } from './tensor-line.ts';
import type { LayerRow, ModelFacts } from './tensor-types.ts';

interface Column {
  readonly title: string;
  readonly right?: boolean;
  text(layer: LayerRow): string;
}

const layerColumn: Column = { title: 'layer', text: ({ name }) => name };
const typeColumn: Column = {
  title: 'type',
  text: ({ type, layers }) => (layers ? `${type} of ${layers.length}` : type),
};
const inputColumn: Column = { title: 'input', text: (layer) => (layer.inputShape ? shapesText(layer.inputShape) : '') };
const outputColumn: Column = { title: 'output', text: (layer) => shapesText(layer.outputShape) };
const parameterColumn: Column = { title: 'parameters', right: true, text: (layer) => count(layer.parameters) };
const productColumn: Column = { title: 'mult-adds', right: true, text: (layer) => productsText(layer.multiplyAdds) };
const byteColumn: Column = { title: 'bytes', right: true, text: ({ bytes }) => (bytes ? byteSize(bytes) : '') };
const trainableColumn: Column = { title: 'trainable', text: trainableText };
/** Only where layers do not simply follow each other. */
const fromColumn: Column = { title: 'inputs', text: (layer) => layer.inputs?.join(', ') ?? '' };

const columns: readonly Column[] = [
  layerColumn,
  typeColumn,
  inputColumn,
  outputColumn,
  parameterColumn,
  productColumn,
  byteColumn,
  trainableColumn,
];
/** What text does without where 80 columns are too few, first things first. */
const dispensable: readonly Column[] = [byteColumn, inputColumn, trainableColumn, typeColumn];
const lineWidth = 80;
/** Characters of a graph that comes along; larger ones are asked for. */
const graphLimit = 30_000;

/** Layers shown at the head and at the end of a model with more than 120. */
const shownAtEnds = 50;
/** Characters of a name or of names of inputs in text. */
const nameWidth = 24;

/** Draws a model's layers, the totals, and what it was compiled with; in HTML also a picture of its graph, an SVG document, folded. */
export function drawModel(model: ModelFacts, graph?: string): Display {
  const folded = graph && graph.length < graphLimit ? `<details><summary>graph</summary>${graph}</details>` : '';
  const head = `${model.type} "${model.name}"`;
  const html = `<div><div><b>${escapeHtml(head)}</b> · ${escapeHtml(totals(model).join(' · '))}</div>${htmlTable(model.layers)}${folded}</div>`;
  return asDisplay(`${wrapped([head, ...totals(model)])}\n${textTable(model.layers)}`, { 'text/html': html });
}

function totals(model: ModelFacts): string[] {
  const frozen = model.parameters - model.trainableParameters;
  return [
    `${count(model.parameters)} parameters${model.bytes === undefined ? '' : ` (${byteSize(model.bytes)})`}`,
    ...(frozen > 0 ? [`${count(model.trainableParameters)} trainable, ${count(frozen)} not`] : []),
    ...(model.multiplyAdds ? [`${productsText(model.multiplyAdds)} multiply-adds a sample`] : []),
    ...(model.optimizer ? [model.optimizer] : []),
    ...(model.loss ? [model.loss] : []),
  ];
}

/** Facts joined by dots, in lines of at most 80 columns. */
function wrapped(facts: readonly string[]): string {
  const lines: string[] = [];
  for (const fact of facts) {
    const joined = `${lines.at(-1)} · ${fact}`;
    if (lines.length > 0 && joined.length <= lineWidth) lines[lines.length - 1] = joined;
    else lines.push(lines.length === 0 ? fact : `  ${fact}`);
  }
  return lines.join('\n');
}

const columnsOf = (layers: readonly LayerRow[]): readonly Column[] =>
  layers.some(({ inputs }) => inputs && inputs.length > 0) ? [...columns, fromColumn] : columns;

/** The layers that are shown; `null` stands for those left out. */
function shownOf(layers: readonly LayerRow[]): readonly (LayerRow | null)[] {
  return layers.length <= 120 ? layers : [...layers.slice(0, shownAtEnds), null, ...layers.slice(-shownAtEnds)];
}

function textTable(layers: readonly LayerRow[]): string {
  const cell = (column: Column, layer: LayerRow) => {
    const text = column.text(layer);
    const isName = column === layerColumn || column === fromColumn;
    return isName && text.length > nameWidth ? `${text.slice(0, nameWidth - 1)}…` : text;
  };
  const widthOf = (column: Column) =>
    Math.max(column.title.length, ...layers.map((layer) => cell(column, layer).length));
  let shown = columnsOf(layers).filter(
    (column) => column.title === 'layer' || layers.some((layer) => cell(column, layer) !== ''),
  );
  const total = () => shown.reduce((sum, column) => sum + widthOf(column) + 2, -2);
  for (const column of dispensable) if (total() > lineWidth) shown = shown.filter((each) => each !== column);
  const widths = shown.map(widthOf);
  const line = (cells: readonly string[]) =>
    cells
      .map((text, at) => (shown[at]!.right ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(Math.max(0, total()));
  const rows = shownOf(layers).map((layer) => (layer ? line(shown.map((column) => cell(column, layer))) : '⋮'));
  return [rule, line(shown.map(({ title }) => title)), rule, ...rows, rule].join('\n');
}

function htmlTable(layers: readonly LayerRow[]): string {
  const shown = columnsOf(layers);
  const cells = (tag: 'th' | 'td', texts: readonly string[]) =>
    texts
      .map(
        (text, at) =>
          `<${tag} style="text-align:${shown[at]!.right ? 'right' : 'left'};white-space:nowrap">${escapeHtml(text)}</${tag}>`,
      )
      .join('');
  const body = shownOf(layers).map((layer) => {
    if (!layer)
      return `<tr>${cells(
        'td',
        shown.map((_, at) => (at === 0 ? '⋮' : '')),
      )}</tr>`;
    const row = `<tr>${cells(
      'td',
      shown.map((column) => column.text(layer)),
    )}</tr>`;
    if (!layer.layers) return row;
    const summary = `layers of ${escapeHtml(layer.name)}`;
    return `${row}<tr><td colspan="${shown.length}" style="text-align:left"><details><summary>${summary}</summary>${htmlTable(layer.layers)}</details></td></tr>`;
  });
  return `<table><thead><tr>${cells(
    'th',
    shown.map(({ title }) => title),
  )}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function shapesText(shape: LayerRow['outputShape']): string {
  return Array.isArray(shape[0])
    ? (shape as readonly (readonly (number | null)[])[]).map(shapeText).join(', ')
    : shapeText(shape as readonly (number | null)[]);
}

/** `1.2 M`, as papers write them. */
export function productsText(products: number | undefined): string {
  if (products === undefined) return '?';
  if (products === 0) return '';
  const units = ['', ' k', ' M', ' G', ' T'];
  let unit = 0;
  let value = products;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${shortNumber(value, 3)}${units[unit]}`;
}

function trainableText({ parameters, trainableParameters }: LayerRow): string {
  if (parameters === 0) return '';
  return trainableParameters === parameters
    ? 'yes'
    : trainableParameters === 0
      ? 'no'
      : `${count(trainableParameters)} of them`;
}
