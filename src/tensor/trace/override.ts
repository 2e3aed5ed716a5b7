// Members of tfjs's objects replaced for the time of a recording.

/** Puts members in the place of an object's own or inherited ones. The result takes them out again. */
export function override<T extends object>(target: T, members: Partial<T>): () => void {
  const before = Object.keys(members).map((name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const);
  Object.assign(target, members);
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(target, name, descriptor);
      else delete (target as Record<string, unknown>)[name];
    }
  };
}
