// The recording under way, if there is one, as those see it who take part: random draws, optimizers. Imports nothing that is large.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Seed } from '../random/philox.ts';

/** Called when the results of a number of steps are there; what it returns makes the change, and must bear to be called twice. */
export type Effect = (steps: number) => () => void;

/** What a recorded function asks for beside its own operations. */
export interface Recording {
  /** A float32 scalar that is read again at each step. */
  number(read: () => number): Tensor;
  /** A tensor that is looked up again at each call; its shape and dtype must stay. */
  tensor(read: () => Tensor): Tensor;
  /** A tensor, looked up as `tensor` is, that is what `next` is now when the call is over. */
  carry(read: () => Tensor, next: Tensor): void;
  /** The seed of a draw, int32 [2], taken anew at each call. */
  seed(next: () => Seed): Tensor;
  /** What JavaScript changes at each step. */
  effect(prepare: Effect): void;
}

let current: Recording | undefined;
let refused: NotRecordable | undefined;

export const recording = (): Recording | undefined => current;

/** Begins or ends (`undefined`) the time in which everything is recorded. */
export function setRecording(next: Recording | undefined): void {
  current = next;
  // Its stack holds all that the recording has seen, every variable among it.
  refused = undefined;
}

/** Has a part recorded apart from the rest, within it. */
export function recordingAs<T>(part: Recording, run: () => T): T {
  const outer = current;
  current = part;
  try {
    return run();
  } finally {
    current = outer;
  }
}

/** The first refusal of the recording, also when the function has caught it. */
export const refusal = (): NotRecordable | undefined => refused;

/** Why a function can't be recorded. Thrown from where it asks for what can't be, so that its stack tells the line. */
export class NotRecordable extends Error {
  override name = 'NotRecordable';
  /** Whether it may be recorded once it has run: what it lacked will be there after some step, or may be after each. */
  readonly later: boolean | 'next';

  constructor(reason: string, later: boolean | 'next' = false) {
    super(reason);
    this.later = later;
    if (current) refused ??= this;
  }
}

/** Refuses what would be the same at each call of a recorded function. */
export function refuseRecording(reason: string): void {
  if (current) throw new NotRecordable(reason);
}
