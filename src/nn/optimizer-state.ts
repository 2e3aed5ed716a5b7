// What an optimizer remembers, as tensors and numbers: to the bit, where tfjs's `getWeights` leaves out powers and lacks Adamax.
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import { setRate } from '../tensor/rate.ts';
import { tf } from './tensorflow.ts';

export interface OptimizerState {
  readonly numbers: Record<string, number>;
  /** Names such as `accumulatedFirstMoment/0` → the state's own tensors, not to be disposed. */
  readonly tensors: Record<string, Tensor>;
}

/** What tfjs's optimizers keep for each variable. */
interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

/** Counters and what may be changed in mid-training. */
const numberNames = ['iterations_', 'learningRate', 'pending'];

type Members = Record<string, unknown>;

export function readState(optimizer: Optimizer, path = ''): OptimizerState {
  const members = optimizer as unknown as Members;
  const numbers: Record<string, number> = {};
  const tensors: Record<string, Tensor> = {};
  for (const name of numberNames) {
    const value = members[name];
    if (typeof value === 'number') numbers[path + name] = value;
  }
  for (const [name, value] of Object.entries(members)) {
    if (value instanceof tf.Variable) tensors[path + name] = value;
    else if (isSlots(value)) Object.assign(tensors, named(value, path + name));
    else if (name === 'inner') {
      const inner = readState(value as Optimizer, `${path}inner/`);
      Object.assign(numbers, inner.numbers);
      Object.assign(tensors, inner.tensors);
    }
  }
  return { numbers, tensors };
}

/** Gives an optimizer the state back. It may be a fresh one, of the same kind. */
export function writeState(optimizer: Optimizer, { numbers, tensors }: OptimizerState, path = ''): void {
  const members = optimizer as unknown as Members;
  for (const [key, value] of Object.entries(numbers)) {
    const name = key.slice(path.length);
    if (!key.startsWith(path) || name.includes('/')) continue;
    if (name === 'learningRate') setRate(optimizer, value);
    else members[name] = value;
  }
  for (const [key, tensor] of Object.entries(tensors)) {
    if (!key.startsWith(path)) continue;
    const [name, place, ...rest] = key.slice(path.length).split('/');
    if (rest.length > 0 || name === 'inner') continue;
    if (place === undefined) (members[name!] as Variable).assign(tensor);
    else writeSlot(members[name!] as Slot[], Number(place), `${name}/${place}`, tensor);
  }
  if (members.inner) writeState(members.inner as Optimizer, { numbers, tensors }, `${path}inner/`);
}

function writeSlot(slots: Slot[], place: number, originalName: string, tensor: Tensor): void {
  if (slots[place]) slots[place].variable.assign(tensor);
  else slots[place] = { originalName, variable: tf.variable(tensor, false) };
}

const named = (slots: readonly Slot[], path: string): Record<string, Tensor> =>
  Object.fromEntries(slots.flatMap(({ variable }, i) => [[`${path}/${i}`, variable]]));

const isSlots = (value: unknown): value is Slot[] =>
  Array.isArray(value) && value.some((slot) => slot?.variable instanceof tf.Variable);
