// Arrays, maps and objects that hold tensors, as a tree of lines and pictures.
import type { Tensor } from '@tensorflow/tfjs-core';
import { escapeHtml } from '../display/bundle.ts';
import { base64 } from '../display/image.ts';
import { byteSize } from '../display/numbers.ts';
import { dataProperty } from '../display/peek.ts';
import { tensorLine, tensorLineHtml } from '../display/tensor-line.ts';
import { tensorPicture } from '../display/tensor-picture.ts';
import { sampleAxes } from '../display/tensor-sample.ts';
import { briefText } from '../display/text.ts';
import type { TreeNode } from '../display/tree.ts';
import { typeName } from '../display/type-name.ts';
import { describedNow } from './describe.ts';
import { bytesOf, wholeBytes } from './look.ts';
import { isModel, modelFacts } from './models.ts';
import { entriesOf, isCollection, sizeOf, tensorIn } from './nested.ts';

/** Entries shown of one value, of all, and how deep. */
const shownEach = 100;
const shownAll = 400;
const shownDepth = 8;
/** Characters of all pictures. */
const pictureRoom = 24_000;
const mostPictures = 12;
const pictureSize = { width: 260, height: 120, cell: 8 };

/** The tree of a collection. Tensors share the time that one may take: large ones among many are sampled. */
export function treeOf(value: unknown): TreeNode {
  const tensors = countOf(value);
  const budget = wholeBytes / Math.max(1, tensors.count);
  let left = shownAll;
  let room = pictureRoom;
  let pictures = 0;
  const node = (key: string, path: string | undefined, inner: unknown, above: readonly unknown[]): TreeNode => {
    left--;
    const own = { key, ...(path && { path }) };
    const tensor = tensorIn(inner);
    if (tensor) return { ...own, ...leaf(tensor, inner) };
    if (isModel(inner)) {
      const { type, name, layers } = modelFacts(inner);
      return { ...own, text: `${type} "${name}", ${layers.length} layers` };
    }
    if (above.includes(inner)) return { ...own, text: '[circular]' };
    if (!isCollection(inner) || above.length >= shownDepth) return { ...own, text: briefText(inner, 60) };
    const children: TreeNode[] = [];
    const size = sizeOf(inner);
    for (const [name, step, item, isGetter] of entriesOf(inner)) {
      if (children.length >= shownEach || left <= 0) break;
      const to = path === undefined || step === undefined ? undefined : path + step;
      children.push(isGetter ? { key: name, text: '[Getter]' } : node(name, to, item, [...above, inner]));
    }
    const more = size - children.length;
    return { ...own, text: `${typeName(inner)}(${size})`, children, ...(more > 0 && { more }) };
  };
  const leaf = (tensor: Tensor, holder: unknown): Pick<TreeNode, 'text' | 'html' | 'picture'> => {
    const isSeen = room > 0 && pictures < mostPictures;
    const axes = isSeen ? sampleAxes(tensor.shape) : tensor.shape.map((length) => (length > 0 ? [0] : []));
    const { facts, sample } = describedNow(tensor, axes, budget);
    const name = holder === tensor ? facts.name : String(dataProperty(holder, 'name') ?? '');
    const named = name ? { ...facts, kind: 'Variable', name } : facts;
    const line = {
      text: tensorLine(named, { width: Infinity }),
      html: tensorLineHtml(named).replace(/^<div>|<\/div>$/g, ''),
    };
    const { min, max } = facts.statistics ?? { min: 0, max: 0 };
    const picture =
      isSeen && sample && tensor.size >= 25 && min < max
        ? tensorPicture(facts, sample, { target: pictureSize })
        : undefined;
    if (!picture) return line;
    const png = base64(picture.png);
    if (png.length > room) return line;
    room -= png.length;
    pictures++;
    const { width, height } = picture;
    return {
      ...line,
      picture: `<img src="data:image/png;base64,${png}" width="${width}" height="${height}" alt="the values as colours"><br>`,
    };
  };
  const root = node('', '', value, []);
  const total = `${tensors.count} ${tensors.count === 1 ? 'tensor' : 'tensors'}, ${byteSize(tensors.bytes)}`;
  const text = `${root.text} · ${total}`;
  return { ...root, text, html: `<b>${escapeHtml(root.text)}</b> · ${total}` };
}

/** Tensors in a value and their bytes, as far as the tree goes. */
function countOf(value: unknown): { count: number; bytes: number } {
  const seen = new Set<unknown>();
  const found = { count: 0, bytes: 0 };
  const walk = (inner: unknown, depth: number): void => {
    if (seen.has(inner) || seen.size > 10_000) return;
    seen.add(inner);
    const tensor = tensorIn(inner);
    if (tensor) {
      found.count++;
      if (!tensor.isDisposed) found.bytes += bytesOf(tensor);
    } else if (depth < shownDepth && isCollection(inner))
      for (const [, , item] of entriesOf(inner)) walk(item, depth + 1);
  };
  walk(value, 0);
  return found;
}
