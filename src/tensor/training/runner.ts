// A data set and a step over its batches: compiled, many steps a call, or as tfjs does it where nothing can be compiled.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { placeOf } from '../place.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import type { EagerValue } from '../tensorflow/values.ts';
import { NotRecordable } from '../trace/current.ts';
import { Loop, mostSteps, type Order, type Outcome, type Step, tensorOf } from '../trace/loop.ts';
import type { Precision } from '../trace/precision.ts';
import { sayOnce } from './choice.ts';
import { loweredFor } from './lowered.ts';
import type { Model } from './own.ts';
import { Pace } from './pace.ts';
import { Patience } from './patience.ts';
import { programOf } from './programs.ts';

export interface Work {
  readonly model: Model;
  /** Tells the steps of a model apart: `fit`, `evaluate`. */
  readonly purpose: string;
  /** Tensors [n, …]; null in the place of weights of samples that there are none of. */
  readonly data: readonly (Tensor | null)[];
  readonly batchSize: number;
  readonly step: Step;
  readonly precision?: Precision;
  /** How often all of the data will be gone through; once by default. */
  readonly epochs?: number;
  /** Whether a call ends at the step whose first logged value is NaN. */
  readonly stopsAtNaN?: boolean;
}

/** Steps that come next, planned. */
export interface Plan {
  readonly from: number;
  /** Samples in each batch. */
  readonly size: number;
  readonly steps: number;
  /** None: as tfjs does it, one step. */
  readonly loop: Loop | undefined;
}

/** Steps that were done. */
export interface Done {
  readonly steps: number;
  /** The logged values of the last, the caller's. */
  readonly values: Tensor[];
}

/** How fast each loop has been: the next training begins with calls of the right length. */
const paces = new WeakMap<Loop, Pace>();

function paceOf(loop: Loop): Pace {
  let pace = paces.get(loop);
  if (!pace) {
    pace = new Pace();
    paces.set(loop, pace);
  }
  return pace;
}

export class Runner {
  readonly samples: number;
  readonly #work: Work;
  readonly #backend: HandleBackend;
  readonly #data: readonly Tensor[];
  #order: EagerValue | undefined;
  #sums: EagerValue[] = [];
  #plainly = false;
  #epoch = 0;
  readonly #patience = new Patience();

  constructor(work: Work) {
    this.#work = work;
    this.#backend = core.backend() as HandleBackend;
    this.#data = work.data.filter((part) => part !== null);
    this.samples = this.#data[0]!.shape[0]!;
  }

  /** Begins anew, with samples in this order: all of them in theirs by default. */
  begin(places: readonly number[] = Array.from({ length: this.samples }, (_, i) => i)): void {
    this[Symbol.dispose]();
    this.#order = this.#backend.values.make(places, 'int32', [places.length]);
    this.#epoch++;
  }

  /** The next call from a sample on: as many steps as a call should last, at most `most`, all of one size. */
  plan(from: number, most = mostSteps): Plan {
    const { batchSize } = this.#work;
    const whole = Math.floor((this.samples - from) / batchSize);
    const size = whole > 0 ? batchSize : this.samples - from;
    const loop = this.#loop(size);
    const steps = loop && whole > 1 ? paceOf(loop).steps(Math.min(whole, most, mostSteps)) : 1;
    return { from, size, steps, loop };
  }

  #ordered(loop: Loop, from: number, steps: number): Order {
    const { batchSize, epochs = 1 } = this.#work;
    const left = this.samples - from + Math.max(0, epochs - this.#epoch) * this.samples;
    const ahead = loop.batch === batchSize ? Math.floor(left / batchSize) - steps : 0;
    return { order: this.#order!, from, steps, ahead, sums: this.#takeSums(loop) };
  }

  /** Runs on another thread; gives nothing when that is not wanted any more. */
  async runAside(
    { from, size, steps, loop }: Plan,
    wanted: () => boolean,
    beforeStep?: (step: number) => void,
  ): Promise<Done | undefined> {
    if (!loop) return this.#runPlainly(from, size);
    const begun = performance.now();
    const order = { ...this.#ordered(loop, from, steps), beforeStep };
    const outcome = await loop.runAside(this.#backend, this.#data, order, wanted);
    if (!outcome) return undefined;
    paceOf(loop).took(performance.now() - begun, steps);
    return this.#done(outcome);
  }

  /** The same at once. */
  run({ from, size, steps, loop }: Plan): Done {
    if (!loop) return this.#runPlainly(from, size);
    const begun = performance.now();
    const order = this.#ordered(loop, from, steps);
    const outcome = loop.run(this.#backend, this.#data, order);
    paceOf(loop).took(performance.now() - begun, steps);
    return this.#done(outcome);
  }

  #done({ steps, sums, last }: Outcome): Done {
    this.#sums = sums;
    return { steps, values: last.map((value) => tensorOf(this.#backend, value)) };
  }

  /** The same as numbers, while it goes on. */
  async readMeans(seen: number): Promise<number[]> {
    return this.#sums.map((sum) => (this.#backend.values.read(sum)[0] as number) / seen);
  }

  /** The means of the logged values over the samples since `begin`, the caller's. */
  means(seen: number): Tensor[] {
    const sums = this.#sums.map((value) => tensorOf(this.#backend, value));
    this.#sums = [];
    return core.tidy(() => {
      const means = sums.map((sum) => core.mul(core.div(1, seen), sum));
      for (const sum of sums) sum.dispose();
      return means;
    });
  }

  [Symbol.dispose](): void {
    for (const value of [this.#order, ...this.#sums]) if (value) this.#backend.values.free(value);
    this.#order = undefined;
    this.#sums = [];
  }

  #takeSums(loop: Loop): EagerValue[] {
    const sums = this.#sums;
    this.#sums = [];
    if (sums.length > 0) return sums;
    return Array.from({ length: loop.labels }, () => this.#backend.values.make([0], 'float32', []));
  }

  #loop(size: number): Loop | undefined {
    const { model, purpose, batchSize, precision = 'float32' } = this.#work;
    if (this.#plainly || !this.#patience.isDue()) return undefined;
    // The last batch comes once an epoch: not worth XLA's time.
    const options = {
      xla: size === batchSize,
      stopsAtNaN: this.#work.stopsAtNaN === true,
      ...loweredFor(model, precision),
    };
    const lowered = precision === 'float32' ? '' : ` in ${precision}`;
    const make = () => new Loop((batch) => this.#work.step(this.#placed(batch)), this.#data, size, options);
    try {
      return programOf(model, `${purpose}${lowered}, batches of ${size},`, this.#data, make, 'renew');
    } catch (error) {
      if (error instanceof NotRecordable && error.later && (error.later === 'next' || this.#patience.goesOn()))
        return undefined;
      this.#plainly = true;
      // Another error is the step's own, which it will tell itself.
      if (error instanceof NotRecordable)
        sayOnce(model, `${purpose}: ${model.name} runs uncompiled: ${error.message}${placeOf(error)}`);
      return undefined;
    }
  }

  #placed(batch: readonly Tensor[]): Tensor[] {
    let next = 0;
    return this.#work.data.map((part) => (part === null ? part : batch[next++])) as Tensor[];
  }

  #runPlainly(from: number, size: number): Done {
    const backend = this.#backend;
    const values = core.tidy(() => {
      const order = tensorOf(backend, backend.values.share(this.#order!));
      const indices = core.slice(order, [from], [size]);
      const values = this.#work.step(this.#placed(this.#data.map((part) => core.gather(part, indices))));
      const before = this.#sums.map((value) => tensorOf(backend, value));
      this.#sums = values.map((value, i) => {
        const sum = core.mul(value, size);
        return backend.values.share(backend.handleOf(before[i] ? core.add(before[i], sum) : sum));
      });
      return values;
    });
    return { steps: 1, values };
  }
}
