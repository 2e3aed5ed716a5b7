// Loops within a recording: a part that is repeated, from state to state, and lists that it writes element by element.
import { openContext } from '../tensorflow/context.ts';
import { GraphFunction } from '../tensorflow/function.ts';
import { GraphOps, type GraphValue } from '../tensorflow/graph.ts';
import type { Ops, Value } from '../tensorflow/ops.ts';
import type { Recorder } from './recorder.ts';

/** A value that stays the same: its place in the part, and what it is outside. */
export interface Kept {
  readonly place: GraphValue;
  readonly from: Value;
}

/** A value that a loop carries: what it is at first, and what each repetition makes of it. */
export interface Carried extends Kept {
  readonly next: Value;
}

/**
 * Repeats a part a number of times within a recording, and disposes of it.
 * @param at the number of the repetition, int32 [], as the part sees it
 * @returns what is carried, at the end
 */
export function repeat(
  recorder: Recorder,
  part: Recorder,
  times: number,
  at: GraphValue,
  carried: readonly Carried[],
  kept: readonly Kept[],
): GraphValue[] {
  const { ops } = recorder;
  const captured = part.inputs.flatMap(({ source, value }) =>
    source.kind === 'captured' ? [{ place: value, from: recorder.recorded(source.tensor) }] : [],
  );
  const all = [...carried, ...kept, ...captured];
  const places = [at, ...all.map(({ place }) => place)];
  const next = part.ops.one('AddV2', [at, part.ops.constant(1, 'int32')]);
  const outputs = [next, ...carried.map((each) => each.next), ...places.slice(1 + carried.length)] as GraphValue[];
  const context = openContext();
  const body = new GraphFunction(context, part.ops, places, outputs);
  const asking = new GraphOps(context);
  const asked = places.map(({ dtype, shape }) => asking.placeholder(dtype, shape));
  const isLeft = asking.one('Less', [asked[0]!, asking.constant(times, 'int32')]) as GraphValue;
  const condition = new GraphFunction(context, asking, asked, [isLeft]);
  asking[Symbol.dispose]();
  recorder.functions.push(...part.functions, body, condition);
  ops.take(part.ops);
  part.dispose();
  const first = [ops.constant(0, 'int32'), ...all.map(({ from }) => from)] as GraphValue[];
  return ops.loop(condition, body, first).slice(1, 1 + carried.length);
}

/** The element [ …] of a value [n, …] at a place. */
export const elementOf = (ops: Ops, all: Value, at: Value): GraphValue =>
  ops.one('GatherV2', [all, at, ops.constant(0, 'int32')]) as GraphValue;

/** A list of so many elements like a value, to be written by a part: `item` at the place `at`. */
export function listOf(ops: GraphOps, times: number, part: GraphOps, item: GraphValue, at: Value): Carried {
  const { dtype, shape } = item;
  const place = part.placeholder('variant', []);
  const from = ops.one('TensorListReserve', [ops.constant(shape, 'int32'), ops.constant(times, 'int32')], {
    element_dtype: dtype,
  });
  return { place, from, next: part.one('TensorListSetItem', [place, at, item]) };
}

/** A list's elements, [n, …]. */
export function stackOf(ops: GraphOps, list: Value, { dtype, shape }: GraphValue, times: number): GraphValue {
  const all = ops.one('TensorListStack', [list, ops.constant(shape, 'int32')], {
    element_dtype: dtype,
    num_elements: times,
  });
  return ops.one('Reshape', [all, ops.constant([times, ...shape], 'int32')]) as GraphValue;
}
