import { dataProperty } from '../display/peek.ts';
import { shapeText } from '../display/tensor-line.ts';
import { briefText } from '../display/text.ts';
import { typeName } from '../display/type-name.ts';
import type { Magic } from '../session/parts.ts';
import { listing } from './listing.ts';

const columns = ['name', 'type', 'value'].map((title) => ({ title }));
/** Characters of a value. */
const width = 60;

/** Lists the names that cells have declared. */
export const who: Magic = {
  name: 'who',
  usage: '%who [name…]',
  summary: 'Lists the names that cells have declared, with their types and values in short.',
  completes: 'names',
  run({ args }, { names, read }) {
    const wanted = args.split(/[\s,]+/).filter((name) => name !== '');
    const unknown = wanted.filter((name) => !names().has(name));
    if (unknown.length > 0) throw new ReferenceError(`%who: no cell has declared ${unknown.join(', ')}`);
    const own = [...names()].filter(([, kind]) => kind !== 'ambient').map(([name]) => name);
    const shown = (wanted.length > 0 ? wanted : own).sort((a, b) => a.localeCompare(b, 'en'));
    if (shown.length === 0) return listing([], ['No cell has declared a name yet.']);
    return listing([{ columns, rows: shown.map((name) => [name, ...describe(read(name))]) }]);
  },
};

/** Type and value, without running a getter of the value. */
function describe(value: unknown): [type: string, value: string] {
  if (typeof value === 'function') {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    return [isClass ? 'class' : 'function', briefText(value, width)];
  }
  const type = typeName(value);
  if (type === 'string') return [type, briefText(JSON.stringify(value), width)];
  const [shape, dtype] = [dataProperty(value, 'shape'), dataProperty(value, 'dtype')];
  if (Array.isArray(shape) && typeof dtype === 'string') return [type, `${dtype} ${shapeText(shape as number[])}`];
  const length =
    Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>).length : undefined;
  return [length === undefined ? type : `${type}(${length})`, briefText(value, width)];
}
