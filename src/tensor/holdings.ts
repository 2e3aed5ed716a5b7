// `%memory`: which tensors the names of a notebook hold, and what is held besides. Looks at plain data only: no code of the user runs.
import { types } from 'node:util';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dataProperty } from '../display/peek.ts';
import { isTensor } from './describe.ts';
import { type Entry, ledger } from './ledger.ts';
import { load } from './load.ts';
import { placeOf } from './look.ts';
import { core } from './packages.ts';
import { collect } from './pressure.ts';

/** A tensor that a name leads to. */
export interface Holding {
  /** How it is reached: `x`, `list[2]`, `model: dense/kernel` for a variable inside a value. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes: number;
  /** The cell that made its data. */
  readonly cell: string;
  readonly backend: string;
}

/** What `%memory` tells. */
export interface MemoryReport {
  /** Largest first. */
  readonly tensors: readonly Holding[];
  readonly cells: readonly Readonly<Entry>[];
  /** All tensors of the engine, those that no name leads to included. */
  readonly total: { readonly tensors: number; readonly bytes: number };
  /** The backend in use. */
  readonly backend: string;
}

/** Objects looked at; a notebook's data may be endless. */
const most = 50_000;
/** Members looked at in one object. */
const width = 2000;

/** Gives lost tensors back first, so that what is told of is really held. */
export async function memoryReport(names: Iterable<readonly [name: string, value: unknown]>): Promise<MemoryReport> {
  const tf = load();
  await collect();
  const { numTensors, numBytes } = tf.memory();
  const tensors = findTensors(names).sort((a, b) => b.bytes - a.bytes);
  return { tensors, cells: ledger(), total: { tensors: numTensors, bytes: numBytes }, backend: tf.getBackend() };
}

/** Breadth first, so that a tensor has the shortest of its names. */
function findTensors(names: Iterable<readonly [string, unknown]>): Holding[] {
  const found: Holding[] = [];
  const seen = new Set<unknown>();
  let level = [...names].map(([name, value]) => ({ root: name, path: name, value }));
  while (level.length > 0 && seen.size < most) {
    const next: typeof level = [];
    for (const { root, path, value } of level) {
      if (seen.has(value) || seen.size >= most) continue;
      seen.add(value);
      if (!isTensor(value))
        for (const [key, inner] of members(value)) next.push({ root, path: path + key, value: inner });
      else if (!value.isDisposed) found.push(holding(nameOf(root, path, value), value));
    }
    level = next;
  }
  return found;
}

function* members(value: unknown): Generator<[path: string, value: object]> {
  if (typeof value !== 'object' || value === null || types.isProxy(value) || types.isModuleNamespaceObject(value))
    return;
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return;
  const isList = Array.isArray(value) || types.isSet(value);
  let seen = 0;
  // Of maps and sets themselves: a subclass may have iterators of its own.
  if (types.isMap(value))
    for (const [key, inner] of Map.prototype.entries.call(value)) {
      if (seen++ >= width) return;
      if (isObject(inner)) yield [`.get(${typeof key === 'string' ? JSON.stringify(key) : '…'})`, inner];
    }
  if (types.isSet(value))
    for (const inner of Set.prototype.values.call(value)) {
      if (seen++ >= width) return;
      if (isObject(inner)) yield [`[${seen - 1}]`, inner];
    }
  for (const key in value) {
    if (seen++ >= width) return;
    const inner = Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
    if (isObject(inner)) yield [isList || /^\d/.test(key) ? `[${key}]` : `.${key}`, inner];
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A variable inside a value has a name of its own, which says more than the way to it, unless it is a number. */
function nameOf(root: string, path: string, tensor: Tensor): string {
  const own = dataProperty(tensor, 'assign') === undefined ? undefined : dataProperty(tensor, 'name');
  return path !== root && typeof own === 'string' && /\D/.test(own) ? `${root}: ${own}` : path;
}

function holding(name: string, tensor: Tensor): Holding {
  const { shape, dtype, size, dataId } = tensor;
  const info = core.engine().state.tensorInfo.get(dataId) as { bytes: number; entry?: Entry } | undefined;
  const bytes = dtype === 'string' ? (info?.bytes ?? 0) : size * core.util.bytesPerElement(dtype);
  return { name, shape, dtype, bytes, cell: info?.entry?.cell ?? '–', backend: placeOf(tensor) ?? '–' };
}
