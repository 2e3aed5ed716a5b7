// The engine's list of variables by name, held weakly: tfjs keeps every variable, and with it every model, until it is disposed.
import type { Variable } from '@tensorflow/tfjs-core';
import type { Engine } from './packages.ts';

/** Replaces the list of an engine by one that does not keep its variables alive. Again after a reset of the engine. */
export function holdWeakly(engine: Engine): void {
  const known = new Map<string, WeakRef<Variable>>();
  const find = (name: string | symbol): Variable | undefined => {
    const variable = known.get(name as string)?.deref();
    if (!variable) known.delete(name as string);
    return variable;
  };
  for (const [name, variable] of Object.entries(engine.state.registeredVariables))
    known.set(name, new WeakRef(variable));
  engine.state.registeredVariables = new Proxy<Record<string, Variable>>(
    {},
    {
      get: (_, name) => find(name),
      has: (_, name) => find(name) !== undefined,
      set: (_, name, variable) => Boolean(known.set(name as string, new WeakRef(variable))),
      deleteProperty: (_, name) => {
        known.delete(name as string);
        return true;
      },
      ownKeys: () => [...known.keys()].filter(find),
      getOwnPropertyDescriptor: (_, name) => {
        const value = find(name);
        return value && { value, enumerable: true, configurable: true, writable: true };
      },
    },
  );
}
