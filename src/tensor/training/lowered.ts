// The precision that a model trains in, by `fit`'s option, and what it keeps for it.
import { LossScale } from '../trace/loss-scale.ts';
import { checkPrecision, type Precision } from '../trace/precision.ts';
import type { Lowered } from '../trace/record.ts';

/** What the option `precision` of the last `fit` says. */
const chosen = new WeakMap<object, Precision>();
const scales = new WeakMap<object, LossScale>();

/** Takes the option of a call. @throws TypeError for what is no precision. */
export function choosePrecision(model: object, precision: unknown, who = 'fit'): void {
  chosen.set(model, checkPrecision(who, precision));
}

export const precisionOf = (model: object): Precision => chosen.get(model) ?? 'float32';

/** How a step of a model is recorded. float16 has one factor of the loss for all of its trainings. */
export function loweredFor(model: object, precision: Precision): Lowered {
  if (precision !== 'float16') return { precision };
  let scale = scales.get(model);
  if (!scale) {
    scale = new LossScale();
    scales.set(model, scale);
  }
  return { precision, scale };
}
