import type { Magic } from '../session/parts.ts';

/** Forgets names of cells; with none given, all of them. */
export const reset: Magic = {
  name: 'reset',
  usage: '%reset [name…]',
  summary: 'Forgets all names that cells have declared, or those given; a shadowed built-in is back.',
  completes: 'names',
  run({ args }, { forget, names }) {
    const wanted = args.split(/[\s,]+/).filter((name) => name !== '');
    const unknown = wanted.filter((name) => !names().has(name));
    if (unknown.length > 0) throw new ReferenceError(`%reset: no cell has declared ${unknown.join(', ')}`);
    forget(wanted);
  },
};
