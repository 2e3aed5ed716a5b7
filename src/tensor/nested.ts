// Arrays, maps, sets and plain objects, looked into for tensors. Reads plain data only: no getter is run, and no proxy is looked into.
import { types } from 'node:util';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dataProperty } from '../display/peek.ts';
import { briefText } from '../display/text.ts';
import { isTensor } from './describe.ts';

/** Entries that are asked whether they hold a tensor, and how deep. */
const asked = 400;
const askedDepth = 4;
/** Whether a value is a collection with a tensor in it. Runs nothing of the value. */
export function holdsTensors(value: unknown): boolean {
  let left = asked;
  const holds = (inner: unknown, depth: number): boolean => {
    if (--left < 0) return false;
    if (tensorIn(inner)) return depth > 0;
    if (depth >= askedDepth || !isCollection(inner)) return false;
    for (const [, , item] of entriesOf(inner)) {
      if (left <= 0) return false;
      if (holds(item, depth + 1)) return true;
    }
    return false;
  };
  return isCollection(value) && holds(value, 0);
}

/** The tensor that a value is, or that a weight of a layer holds. */
export function tensorIn(value: unknown): Tensor | undefined {
  if (isTensor(value)) return value;
  const held = dataProperty(value, 'val');
  return isTensor(held) && typeof dataProperty(value, 'read') === 'function' ? held : undefined;
}

export type Collection = readonly unknown[] | Map<unknown, unknown> | Set<unknown> | object;

export function isCollection(value: unknown): value is Collection {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

export function sizeOf(value: Collection): number {
  if (Array.isArray(value)) return value.length;
  return types.isMap(value) || types.isSet(value) ? value.size : Object.keys(value).length;
}

type Entry = readonly [name: string, step: string | undefined, item: unknown, isGetter?: boolean];

/** Entries with the step of a path to each. */
export function* entriesOf(value: Collection): Generator<Entry> {
  if (types.isMap(value)) {
    for (const [key, item] of Map.prototype.entries.call(value)) {
      const isPlain = typeof key === 'string' || typeof key === 'number';
      yield [briefText(key, 40), isPlain ? `.get(${JSON.stringify(key)})` : undefined, item];
    }
  } else if (types.isSet(value)) {
    let at = 0;
    for (const item of Set.prototype.values.call(value)) yield [String(at++), undefined, item];
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++)
      yield [String(i), `[${i}]`, Object.getOwnPropertyDescriptor(value, i)?.value];
  } else
    for (const key of Object.keys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      const step = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
      yield [key, step, property?.value, property?.get !== undefined];
    }
}
