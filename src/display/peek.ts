// Looks at live values without running any of a user's code: no getter, no proxy trap.
import { types } from 'node:util';

/** A value that was found, so that a found `undefined` differs from nothing found. */
export interface Found {
  readonly value: unknown;
}

/** A property of an object or function, own or inherited; getters are found, not run. Nothing of a proxy is looked at. */
export function findProperty(value: unknown, key: PropertyKey): PropertyDescriptor | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  for (const holder of holders(value)) {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property) return property;
  }
  return undefined;
}

/** The value of a property of an object, own or inherited, where it is plain data. */
export function dataProperty(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' ? findProperty(value, key)?.value : undefined;
}

/** A member of any value, a primitive's too, where it is plain data. */
export function peekMember(of: Found, name: string): Found | undefined {
  const { value } = of;
  if (value === null || value === undefined) return undefined;
  const property = findProperty(isPrimitive(value) ? Object.getPrototypeOf(value) : value, name);
  return property && 'value' in property ? { value: property.value } : undefined;
}

/** Names of all members, nearest first, with what is known of each. */
export function memberNames(of: Found): Map<string, PropertyDescriptor> {
  const found = new Map<string, PropertyDescriptor>();
  for (const holder of holders(of.value)) {
    // Object.prototype's `__defineGetter__` and kin are in nobody's mind.
    const old = holder === Object.prototype && holder !== of.value;
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (found.has(name) || (old && name.startsWith('__'))) continue;
      const property = Object.getOwnPropertyDescriptor(holder, name);
      if (property) found.set(name, property);
    }
  }
  return found;
}

/** The value, if it is an object that is no proxy, and its prototypes. A primitive's members are those of its prototype. */
function* holders(value: unknown): Generator<object> {
  if (value === null || value === undefined) return;
  let holder = (isPrimitive(value) ? Object.getPrototypeOf(value) : value) as object | null;
  while (holder !== null && !types.isProxy(holder)) {
    yield holder;
    holder = Object.getPrototypeOf(holder) as object | null;
  }
}

function isPrimitive(value: unknown): boolean {
  return typeof value !== 'object' && typeof value !== 'function';
}
