// The compiled functions of a model, kept from one training to the next, and made anew when what they were recorded with has changed.
import type { Tensor } from '@tensorflow/tfjs-core';
import { compiledRow, type Measured, tell } from '../jit/stats.ts';
import type { JitStats } from '../jit/types.ts';
import type { Guard } from '../trace/guard.ts';
import type { Model } from './own.ts';

/** What is kept: a loop over a data set, or a program for one batch. */
interface Kept extends Measured, Disposable {
  readonly guard: Guard;
}

/** For each purpose of a model at most. */
const most = 16;

/** What comes after that many: nothing, since batches of ever new shapes would be recorded for ever; or a new one in the oldest's place. */
export type WhenFull = 'refuse' | 'renew';

/** Members of a model that its step is made of. */
const parts = ['optimizer_', 'lossFunctions', 'metricsTensors', 'collectedTrainableWeights'] as const;

/** What one row tells of. */
interface Row {
  readonly purpose: string;
  readonly shapes: string;
  calls: number;
  recordings: number;
  at: Date;
  kept: Kept;
}

class Programs {
  readonly #rows = new Map<string, Row>();
  readonly #name: string;
  readonly #full = new Set<string>();

  constructor(name: string) {
    this.#name = name;
    tell(this);
  }

  find<T extends Kept>(
    model: Model,
    purpose: string,
    given: readonly Tensor[],
    make: () => T,
    whenFull: WhenFull,
  ): T | undefined {
    const shapes = shapesOf(given);
    const key = `${purpose} ${shapes}`;
    const old = this.#rows.get(key);
    if (old && !old.kept.guard.broken()) {
      old.calls++;
      return old.kept as T;
    }
    this.#rows.delete(key);
    if (!old && !this.#hasRoom(purpose, whenFull)) return undefined;
    old?.kept[Symbol.dispose]();
    const kept = make();
    for (const part of parts) kept.guard.expect(model, part);
    this.#rows.set(key, { purpose, shapes, calls: 1, recordings: (old?.recordings ?? 0) + 1, at: new Date(), kept });
    return kept;
  }

  #hasRoom(purpose: string, whenFull: WhenFull): boolean {
    const alike = [...this.#rows].filter(([, row]) => row.purpose === purpose);
    if (alike.length < most) return true;
    if (whenFull === 'renew') {
      const [key, row] = alike[0]!;
      row.kept[Symbol.dispose]();
      return this.#rows.delete(key);
    }
    if (!this.#full.has(purpose))
      console.warn(
        `${purpose}: ${this.#name} is compiled for ${most} shapes of batches, further ones run uncompiled: batches of one shape are ` +
          'compiled once',
      );
    this.#full.add(purpose);
    return false;
  }

  stats(): JitStats[] {
    return Array.from(this.#rows.values(), ({ purpose, shapes, calls, recordings, at, kept }) =>
      compiledRow({ name: `${purpose} of ${this.#name}`, arguments: shapes, calls, recordings, at }, kept),
    );
  }
}

const programs = new WeakMap<object, Programs>();

export const shapesOf = (given: readonly Tensor[]): string =>
  given.map(({ dtype, shape }) => `${dtype}[${shape}]`).join();

/**
 * The program of a model for a purpose and tensors; made when there is none that still holds, unless there are too many (`whenFull`).
 * @throws as `make` does.
 */
export function programOf<T extends Kept>(
  model: Model,
  purpose: string,
  given: readonly Tensor[],
  make: () => T,
  whenFull: WhenFull = 'refuse',
): T | undefined {
  let known = programs.get(model);
  if (!known) {
    known = new Programs(model.name);
    programs.set(model, known);
  }
  return known.find(model, purpose, given, make, whenFull);
}
