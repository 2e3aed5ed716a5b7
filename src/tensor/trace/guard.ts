// What a recording has taken for granted of JavaScript's objects, looked at again before each call: configurations of layers and
// optimizers, `trainable` flags, tensors that must still be there.
import { core } from '../packages.ts';
import { inputsOfOptimizers } from './optimizers.ts';
import type { Recorded } from './record.ts';

interface Fact {
  readonly owner: Record<string, unknown>;
  readonly name: string;
  readonly value: unknown;
}

/** Members that change as a model trains and that no step depends on. */
const passing = new Set(
  'isTraining stopTraining_ history testFunction inboundNodes outboundNodes _callHook states_ keptStates dropoutMask recurrentDropoutMask'.split(
    ' ',
  ),
);

/** Configurations within configurations: a layer within a wrapper, its cell, the cell's regularizer. */
const depth = 4;

export class Guard {
  readonly #facts: Fact[] = [];

  constructor({ layers, optimizers, recorder }: Recorded) {
    const seen = new Set<object>();
    for (const layer of layers) this.#note(layer, passing, seen, depth);
    for (const optimizer of optimizers) this.#note(optimizer, inputsOfOptimizers, seen, 1);
    for (const { source } of recorder.inputs) {
      if (source.kind !== 'captured') continue;
      this.expect(source.tensor, 'isDisposedInternal');
      if (source.tensor instanceof core.Variable) this.expect(source.tensor, 'trainable');
    }
  }

  /** Takes a member of an object for granted as it is now. */
  expect(owner: object, name: string): void {
    const members = owner as Record<string, unknown>;
    this.#facts.push({ owner: members, name, value: members[name] });
  }

  /** What is not as it was recorded, in words; undefined when all is. */
  broken(): string | undefined {
    for (const { owner, name, value } of this.#facts)
      if (owner[name] !== value) return `${describe(owner)}.${name.replace(/_$|Internal$/, '')} has changed`;
    return undefined;
  }

  #note(owner: object, without: ReadonlySet<string>, seen: Set<object>, levels: number): void {
    if (seen.has(owner)) return;
    seen.add(owner);
    for (const [name, value] of Object.entries(owner)) {
      // Tensors of an optimizer are looked up at each call.
      if (without.has(name) || (value instanceof core.Tensor && !(value instanceof core.Variable))) continue;
      this.expect(owner, name);
      if (levels > 1 && isConfigured(value)) this.#note(value, without, seen, levels - 1);
    }
  }
}

/** Layers, cells, regularizers, constraints, initializers. */
const isConfigured = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && 'getConfig' in value;

function describe(owner: Record<string, unknown>): string {
  if (typeof owner.name === 'string') return owner.name;
  return owner.constructor?.name ?? 'an object';
}
