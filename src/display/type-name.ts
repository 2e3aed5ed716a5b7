// What kind of value it is, in a word. Runs no code of the value.
import { types } from 'node:util';

/** `number`, `null`, the name of an object's class, `object` for one without. */
export function typeName(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  if (types.isProxy(value)) return 'Proxy';
  const prototype = Object.getPrototypeOf(value) as object | null;
  const maker = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const name = typeof maker === 'function' ? Object.getOwnPropertyDescriptor(maker, 'name')?.value : undefined;
  return typeof name === 'string' && name !== '' ? name : 'object';
}
