// A structure of tensors taken apart and put together again: what a function is given, and what it returns.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';

/** The form of a structure without its tensors. */
export type Template =
  | { readonly kind: 'tensor'; readonly index: number }
  /** What is the same each time: a tensor from before, null, an argument that is no tensor. */
  | { readonly kind: 'same'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [name: string, item: Template])[] };

/** What to do with a part that is neither a tensor nor a list or record: take it as it is, or throw. */
type Other = (value: unknown) => unknown;

/** Takes a structure apart. A tensor for which `isNew` holds becomes one of `tensors`, each once; others stay in the template. */
export function templateOf(
  structure: unknown,
  isNew: (tensor: Tensor) => boolean,
  other: Other = refuse,
): { template: Template; tensors: Tensor[] } {
  const tensors: Tensor[] = [];
  const take = (value: unknown): Template => {
    if (value === null || value === undefined) return { kind: 'same', value };
    if (value instanceof core.Tensor) {
      if (!isNew(value)) return { kind: 'same', value };
      if (!tensors.includes(value)) tensors.push(value);
      return { kind: 'tensor', index: tensors.indexOf(value) };
    }
    if (Array.isArray(value)) return { kind: 'list', items: value.map(take) };
    if (typeof value === 'object' && isPlain(value))
      return { kind: 'record', entries: Object.entries(value).map(([name, item]) => [name, take(item)] as const) };
    return { kind: 'same', value: other(value) };
  };
  return { template: take(structure), tensors };
}

/** Puts a structure together of other tensors. */
export function fill(template: Template, tensors: readonly Tensor[]): unknown {
  switch (template.kind) {
    case 'tensor':
      return tensors[template.index];
    case 'same':
      return template.value;
    case 'list':
      return template.items.map((item) => fill(item, tensors));
    case 'record':
      return Object.fromEntries(template.entries.map(([name, item]) => [name, fill(item, tensors)]));
    default:
      return template satisfies never;
  }
}

/** Names tell apart what is no tensor; tensors are told by what `ofTensor` says of them. */
export function keyOf(
  template: Template,
  ofTensor: (index: number) => string,
  ofOther: (value: unknown) => string,
): string {
  switch (template.kind) {
    case 'tensor':
      return ofTensor(template.index);
    case 'same':
      return ofOther(template.value);
    case 'list':
      return `[${template.items.map((item) => keyOf(item, ofTensor, ofOther)).join()}]`;
    case 'record':
      return `{${template.entries.map(([name, item]) => `${name}:${keyOf(item, ofTensor, ofOther)}`).join()}}`;
    default:
      return template satisfies never;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refuse(value: unknown): never {
  throw new TypeError(
    `jit: the function must return a tensor, an array or object of tensors, or nothing, got ${describe(value)}`,
  );
}

function describe(value: unknown): string {
  if (value instanceof Promise) return 'a promise: it must not be async';
  if (typeof value === 'object') return `an object of class ${(value as object).constructor?.name}`;
  return `a ${typeof value}${typeof value === 'number' || typeof value === 'boolean' ? ` (${value})` : ''}`;
}
