// Looks at live values without running any of a user's code: no getter, no proxy trap.
import { types } from 'node:util';

/** A value that was found, so that a found `undefined` differs from nothing found. */
export interface Found {
  readonly value: unknown;
}

/** A member of a value, own or inherited, where it is plain data. */
export function peekMember(of: Found, name: string): Found | undefined {
  for (const holder of holders(of.value)) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (property) return 'value' in property ? { value: property.value } : undefined;
  }
  return undefined;
}

/** Names of all members, nearest first, with what is known of each. */
export function memberNames(of: Found): Map<string, PropertyDescriptor> {
  const found = new Map<string, PropertyDescriptor>();
  const all = holders(of.value);
  for (const [depth, holder] of all.entries()) {
    // Object.prototype's `__defineGetter__` and kin are in nobody's mind.
    const old = depth > 0 && holder === Object.prototype;
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (found.has(name) || (old && name.startsWith('__'))) continue;
      const property = Object.getOwnPropertyDescriptor(holder, name);
      if (property) found.set(name, property);
    }
  }
  return found;
}

/** The value, if it is an object that is no proxy, and its prototypes. A primitive's members are those of its prototype. */
function holders(value: unknown): object[] {
  if (value === null || value === undefined) return [];
  const chain: object[] = [];
  let holder: object | null =
    typeof value === 'object' || typeof value === 'function' ? value : (Object.getPrototypeOf(value) as object);
  while (holder !== null && !types.isProxy(holder)) {
    chain.push(holder);
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return chain;
}
