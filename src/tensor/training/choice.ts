// Whether a model is compiled: where the backend compiles, unless it was said otherwise, and where it consists of tfjs's own parts.
import { core } from '../packages.ts';
import { profiling } from '../profiling.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import { foreign, type Model } from './own.ts';

export type { Model } from './own.ts';

/** What the option `compile` of the last `fit` says. */
const choices = new WeakMap<object, boolean>();

/** Takes the option of a call. @throws TypeError unless it is true, false or left out. */
export function choose(model: object, compile: unknown, who = 'fit'): void {
  if (compile !== undefined && typeof compile !== 'boolean')
    throw new TypeError(`${who}: compile must be true or false, got ${compile}`);
  if (compile === undefined) choices.delete(model);
  else choices.set(model, compile);
}

const said = new WeakMap<object, Set<string>>();

/** A line about a model, once. */
export function sayOnce(model: object, line: string): void {
  const lines = said.get(model) ?? new Set();
  said.set(model, lines);
  if (lines.has(line)) return;
  lines.add(line);
  console.warn(line);
}

interface Verdict {
  readonly optimizer: unknown;
  readonly loss: unknown;
  readonly metrics: unknown;
  readonly layers: number;
  readonly why: string | undefined;
}

const verdicts = new WeakMap<object, Verdict>();

/** Whether a model is compiled; one that might be but is not says why, once. */
export function compiles(model: Model, purpose: string): boolean {
  if (profiling() || !(core.backend() as Partial<HandleBackend>).handleOf) return false;
  const choice = choices.get(model);
  if (choice !== undefined) return choice;
  const { optimizer, loss, metrics } = model;
  const layers = model.layers.length;
  const old = verdicts.get(model);
  const holds =
    old?.optimizer === optimizer && old?.loss === loss && old?.metrics === metrics && old?.layers === layers;
  if (old && holds) return old.why === undefined;
  const why = foreign(model);
  verdicts.set(model, { optimizer, loss, metrics, layers, why });
  if (!why) return true;
  sayOnce(model, `${purpose}: ${model.name} runs uncompiled: ${why}; fit's { compile: true } compiles it`);
  return false;
}
