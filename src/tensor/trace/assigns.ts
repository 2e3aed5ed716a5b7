// A recorded step is the same each time: what it should do only sometimes it does always, and takes back where it should not.
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { override } from './override.ts';

/** What `run` assigns to variables counts only where `holds`, bool []. */
export function assignsOnlyIf(holds: Tensor, run: () => void): void {
  const before = new Map<Variable, Tensor>();
  const { prototype } = core.Variable;
  const { assign } = prototype;
  const undo = override(prototype as { assign(this: Variable, value: Tensor): void }, {
    assign(value) {
      if (!before.has(this)) before.set(this, core.keep(this.clone()));
      assign.call(this, value);
    },
  });
  try {
    run();
  } finally {
    undo();
  }
  for (const [variable, value] of before) {
    variable.assign(core.where(holds, variable, value));
    value.dispose();
  }
}
