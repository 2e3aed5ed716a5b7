// A model as a picture: a box for each layer, arrows with the shapes of what goes along them. SVG and PNG, readable on white and on black.
import { asDisplay, type Display, escapeHtml } from '../display/bundle.ts';
import { productsText } from '../display/model.ts';
import { count } from '../display/numbers.ts';
import { shapeText } from '../display/tensor-line.ts';
import type { LayerRow, ModelFacts } from '../display/tensor-types.ts';
import { type Place, placeLayers } from './layers.ts';
import { pictures } from './picture.ts';
import { textWidth } from './text-width.ts';

/** Colours of kinds of layers, of Okabe and Ito, which colour-blind eyes tell apart: a stripe at the box's left. */
const kinds: readonly (readonly [kind: RegExp, color: string])[] = [
  [/Input/, '#999999'],
  [/Conv/, '#0072b2'],
  [/Pool|Padding|Cropping|UpSampling/, '#56b4e9'],
  [/Dense|Embedding/, '#d55e00'],
  [/LSTM|GRU|RNN|Bidirectional/, '#cc79a7'],
  [/Attention/, '#e69f00'],
  [/Normalization|Dropout|Noise/, '#009e73'],
  [/Sequential|Model|Functional/, '#f0e442'],
];
const other = '#888888';
const ink = '#767676';
const box = { height: 38, least: 110, pitch: 74 };
const margin = 8;

/** Layers that a picture shows; of a deeper model only the first. */
const most = 150;

/** Draws the graph of a model; text is the arrows, one a line. */
export function drawGraph(model: ModelFacts): Display {
  if (model.layers.length === 0) return asDisplay(`${model.type} "${model.name}" has no layers yet`);
  const { data, metadata, problem } = pictures(graphSvg(model));
  return asDisplay(problem ? `${graphText(model)}\n(${problem})` : graphText(model), data, metadata);
}

export function graphSvg(model: ModelFacts): string {
  const layers = model.layers.slice(0, most);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const edges = (model.edges ?? []).filter(([from, to]) => byName.has(from) && byName.has(to));
  const { boxes, arrows, rows, width } = placeLayers([...byName.keys()], edges, (name) => widthOf(byName.get(name)!));
  const title = `${model.type} "${model.name}" · ${count(model.parameters)} parameters`;
  const rest = model.layers.length - layers.length;
  const head = 24;
  const full = {
    width: Math.ceil(Math.max(width + 2 * margin + 60, drawnWidth(title, 12, true) + 2 * margin)),
    height: head + rows * box.pitch - (box.pitch - box.height) + margin + (rest > 0 ? 22 : 0),
  };
  const left = Math.round((full.width - width) / 2);
  const y = (place: Place) => head + place.row * box.pitch;
  const drawnArrows = arrows.map(({ from, to, through }) => {
    const points = through.map((place, i) => ({
      x: left + place.x,
      y: i === 0 ? y(place) + box.height : i === through.length - 1 ? y(place) - 1 : y(place) + box.height / 2,
    }));
    return arrowSvg(
      points,
      edgeShape(byName.get(from)!, byName.get(to)!),
      edges.filter((edge) => edge[1] === to).length > 1,
    );
  });
  const drawnBoxes = layers.map((layer) => boxSvg(layer, left + boxes.get(layer.name)!.x, y(boxes.get(layer.name)!)));
  const note = rest > 0 ? text(margin, full.height - 8, `… ${count(rest)} more layers`) : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${full.width}" height="${full.height}" viewBox="0 0 ${full.width} ${full.height}" font-family="system-ui, sans-serif" fill="${ink}"><g font-weight="600">${text(margin, 14, title, 12)}</g>${drawnArrows.join('')}${drawnBoxes.join('')}${note}</svg>`;
}

function widthOf(layer: LayerRow): number {
  const text = Math.max(drawnWidth(title(layer), 12, true), drawnWidth(facts(layer), 10));
  return Math.ceil(Math.max(box.least, text + 24));
}

/** Room for a text on any page: some pages' fonts are wider than ours, most when bold. */
const drawnWidth = (text: string, size: number, bold = false): number =>
  textWidth(text, size, bold) * (bold ? 1.25 : 1.18);

const title = (layer: LayerRow): string => shortened(layer.name, 30);

function facts({ type, parameters, trainableParameters, multiplyAdds, layers }: LayerRow): string {
  return [
    layers ? `${type} of ${layers.length} layers` : type,
    ...(parameters > 0 ? [`${count(parameters)} parameters`] : []),
    ...(multiplyAdds ? [`${productsText(multiplyAdds)} MA`] : []),
    ...(parameters > 0 && trainableParameters === 0 ? ['frozen'] : []),
  ].join(' · ');
}

function boxSvg(layer: LayerRow, x: number, y: number): string {
  const width = widthOf(layer);
  const color = kinds.find(([kind]) => kind.test(layer.type))?.[1] ?? other;
  const isFrozen = layer.parameters > 0 && layer.trainableParameters === 0;
  const left = round(x - width / 2);
  return `<g transform="translate(${left},${y})"><rect width="${width}" height="${box.height}" rx="5" fill="${color}" fill-opacity=".12" stroke="${ink}" stroke-opacity=".6"${isFrozen ? ' stroke-dasharray="4 3"' : ''}/><path d="M5 0H6V${box.height}H5A5 5 0 0 1 0 ${box.height - 5}V5A5 5 0 0 1 5 0" fill="${color}"/><g font-weight="600">${text(14, 16, title(layer), 12)}</g>${text(14, 30, facts(layer), 10)}</g>`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A smooth line down through points, its head, and a text beside its middle. */
function arrowSvg(points: readonly Point[], label: string, meets: boolean): string {
  const start = points[0]!;
  let path = `M${round(start.x)} ${round(start.y)}`;
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    const bend = (to.y - from.y) / 2;
    path += `C${round(from.x)} ${round(from.y + bend)} ${round(to.x)} ${round(to.y - bend)} ${round(to.x)} ${round(to.y)}`;
  }
  const end = points.at(-1)!;
  const before = points.at(-2)!;
  // Arrows that meet are named where they come from, arrows that part where they go, beside the line's bend.
  const at = meets
    ? { x: before.x, y: before.y + (points.length > 2 ? box.height / 2 : 0) + 13 }
    : { x: end.x, y: end.y - 12 };
  const isLeft = meets ? end.x > before.x : end.x < before.x;
  const head = `<path d="M${round(end.x - 4)} ${round(end.y - 6)}L${round(end.x)} ${round(end.y)}L${round(end.x + 4)} ${round(end.y - 6)}" fill="none" stroke="${ink}" stroke-width="1.2"/>`;
  return `<path d="${path}" fill="none" stroke="${ink}" stroke-width="1.2"/>${head}${text(at.x + (isLeft ? -6 : 6), at.y + 3, label, 10, isLeft ? 'end' : 'start')}`;
}

/** What goes along an arrow: the one output, or that of several which fits. */
function edgeShape(from: LayerRow, to: LayerRow): string {
  const outputs = (Array.isArray(from.outputShape[0]) ? from.outputShape : [from.outputShape]) as (number | null)[][];
  const inputs =
    to.inputShape && ((Array.isArray(to.inputShape[0]) ? to.inputShape : [to.inputShape]) as (number | null)[][]);
  const taken = outputs.find((shape) => inputs?.some((input) => String(input) === String(shape))) ?? outputs[0] ?? [];
  return shapeText(taken);
}

function graphText({ name, type, layers, edges = [] }: ModelFacts): string {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const head = `${type} "${name}", ${layers.length} layers`;
  const lines = layers.slice(0, most).map((layer) => {
    const next = edges.filter(([from]) => from === layer.name).map(([, to]) => to);
    const shape = next[0] === undefined ? undefined : edgeShape(layer, byName.get(next[0])!);
    return `  ${shortened(layer.name, 26)} (${layer.type})${shape ? ` ─ ${shape} → ${next.map((each) => shortened(each, 20)).join(', ')}` : ''}`;
  });
  return [head, ...lines, ...(layers.length > most ? [`  … ${layers.length - most} more`] : [])].join('\n');
}

const shortened = (name: string, most: number): string => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

function text(x: number, y: number, content: string, size = 10, anchor = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${anchor === 'end' ? ' text-anchor="end"' : ''}>${escapeHtml(content)}</text>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
