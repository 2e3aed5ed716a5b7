// A step over sequences, recorded once as the body of a loop, and its gradient as another loop that goes backwards: what recurrent layers
// are, which tfjs unrolls. Of each step only the states are kept; what else the gradient needs is computed again.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { GraphOps, GraphValue } from '../tensorflow/graph.ts';
import type { Value } from '../tensorflow/ops.ts';
import { recordPart } from './part.ts';
import type { Recorder } from './recorder.ts';
import { type Carried, elementOf, type Kept, listOf, repeat, stackOf } from './repeat.ts';

/** One step: what it sees of each sequence and the states before it, to its output and the states after it. */
export type ScanStep = (
  slices: readonly Tensor[],
  states: readonly Tensor[],
) => { readonly output: Tensor; readonly states: readonly Tensor[] };

export interface Scan {
  readonly step: ScanStep;
  /** Tensors [steps, …], of which each step sees one, […]. */
  readonly sequences: readonly Tensor[];
  /** The first states, float32. */
  readonly states: readonly Tensor[];
  /** Sequences and other tensors that the step uses whose gradient nobody needs. */
  readonly fixed: readonly Tensor[];
  /** Whether the outputs of all steps are wanted, or only the last one's. */
  readonly all: boolean;
}

export interface Scanned {
  /** […] of the last step, or [steps, …] of all. */
  readonly output: Tensor;
  /** After the last step. */
  readonly states: readonly Tensor[];
}

/** The forward loop, as it is in the recording: tensors are gone when the gradient comes to it. */
interface Forward {
  readonly sequences: readonly GraphValue[];
  /** The first states. */
  readonly first: readonly GraphValue[];
  /** The last states, then the output where it is not the first state. */
  readonly results: readonly GraphValue[];
  /** Tensors from outside that the step uses and that have a gradient. */
  readonly captured: readonly Tensor[];
  /** The states after each step, [steps, …]; only where a gradient will be asked for. */
  readonly after: readonly GraphValue[];
}

/** Members of the engine, one of which tfjs types otherwise. */
interface Engine {
  readonly state: { readonly gradientDepth: number; readonly kernelDepth: number };
  runKernelFunc(call: {
    readonly inputs: Readonly<Record<string, Tensor>>;
    readonly forwardFunc: () => Tensor[];
    readonly backwardsFunc: (dys: Tensor | Tensor[]) => Record<string, () => Tensor>;
  }): Tensor[];
  gradients(f: () => Tensor, xs: readonly Tensor[]): { readonly grads: readonly (Tensor | null | undefined)[] };
}

const engine = () => core.engine() as unknown as Engine;

/**
 * Runs a step over sequences as a loop of the recording under way, its gradient included.
 * @returns undefined where the step must be unrolled: it does more than compute with tensors, or gradients of gradients are asked for
 */
export function scan(recorder: Recorder, given: Scan): Scanned | undefined {
  const { gradientDepth, kernelDepth } = engine().state;
  if (gradientDepth > 1) return undefined;
  const forward = goForward(recorder, given, gradientDepth > 0 && kernelDepth === 0);
  if (!forward) return undefined;
  const inputs = [...given.sequences, ...given.states, ...forward.captured];
  const wanted = [...inputs.keys()].filter((i) => !given.fixed.includes(inputs[i]!));
  const made = engine().runKernelFunc({
    inputs: Object.fromEntries(wanted.map((i) => [i, inputs[i]!])),
    forwardFunc: () => forward.results.map((value) => recorder.tensorOf(value)),
    backwardsFunc: (dys) => {
      const gradients = goBackward(recorder, given, forward, [dys].flat());
      return Object.fromEntries(wanted.map((i) => [i, () => gradients[i] ?? core.zeros(inputs[i]!.shape)]));
    },
  });
  const states = made.slice(0, given.states.length);
  return { states, output: made[given.states.length] ?? states[0]! };
}

/** Whether a part only computes with tensors. */
const isPure = ({ draws, reads, effects, carried, inputs }: Recorder): boolean =>
  draws.length + reads.length + effects.length + carried.length === 0 &&
  inputs.every(({ source }) => source.kind === 'captured');

function goForward(recorder: Recorder, given: Scan, isTaped: boolean): Forward | undefined {
  const { sequences, states, fixed, all } = given;
  const { ops } = recorder;
  const steps = sequences[0]!.shape[0]!;
  const carried: Carried[] = [];
  const kept: Kept[] = [];
  /** What of each step is listed: the states, the output. */
  const listed: GraphValue[] = [];
  let at: GraphValue | undefined;
  let isState = false;
  const part = recordPart((part) => {
    const place = part.ops.placeholder('int32', []);
    at = place;
    const see = seen(part, place, kept);
    const before = states.map((tensor) => placeOf(part.ops, tensor));
    const next = given.step(
      sequences.map((tensor) => see(recorder.recorded(tensor))),
      before.map((state) => part.tensorOf(state)),
    );
    isState = next.output === next.states[0];
    const after = next.states.map((state) => part.recorded(state));
    after.forEach((state, i) => {
      carried.push({ place: before[i]!, from: recorder.recorded(states[i]!), next: state });
    });
    const output = part.recorded(next.output);
    if (isTaped) listed.push(...after);
    else if (all && isState) listed.push(output);
    if (all && !isState) listed.push(output);
    if (!all && !isState) carried.push({ place: placeOf(part.ops, output), from: zeros(ops, output), next: output });
    carried.push(...listed.map((item) => listOf(ops, steps, part.ops, item, place)));
  });
  if (!isPure(part)) {
    part.dispose();
    return undefined;
  }
  const captured = part.inputs.flatMap(({ source }) =>
    source.kind === 'captured' && source.tensor.dtype === 'float32' && !fixed.includes(source.tensor)
      ? [source.tensor]
      : [],
  );
  const last = repeat(recorder, part, steps, at!, carried, kept);
  const lists = last.splice(last.length - listed.length);
  const stacks = lists.map((list, i) => stackOf(ops, list, listed[i]!, steps));
  if (all) last.push(isState ? stacks[0]! : stacks.at(-1)!);
  const [values, first] = [sequences, states].map((tensors) => tensors.map((tensor) => recorder.recorded(tensor)));
  return {
    sequences: values!,
    first: first!,
    results: last,
    captured,
    after: isTaped ? stacks.slice(0, states.length) : [],
  };
}

/** The gradients of the sequences, the first states and what was captured, in this order; none where nothing depends on one. */
function goBackward(recorder: Recorder, given: Scan, forward: Forward, dys: readonly Tensor[]): (Tensor | undefined)[] {
  const { states, all } = given;
  const { sequences, first, captured, after } = forward;
  const { ops } = recorder;
  const steps = sequences[0]!.shape[0]!;
  const kept: Kept[] = [];
  /** Gradients in the order of the result: what is carried of each, and the list's element where it is a list. */
  const made: ({ readonly carried: Carried; readonly item?: GraphValue } | undefined)[] = [];
  const others: Carried[] = [];
  let at: GraphValue | undefined;
  const part = recordPart((part) => {
    const { ops: own } = part;
    const done = own.placeholder('int32', []);
    at = done;
    const place = own.one('Sub', [own.constant(steps - 1, 'int32'), done]) as GraphValue;
    const see = seen(part, place, kept);
    const slices = sequences.map(see);
    const before = first.map((state, i) => see(shifted(ops, state, after[i]!)));
    const dStates = states.map((state) => placeOf(own, state));
    const dAfter = dStates.map((place) => part.tensorOf(place));
    const dOutput = dys[states.length];
    if (dOutput && all) dAfter.push(see(recorder.recorded(dOutput)));
    else if (dOutput) {
      const dLast = placeOf(own, dOutput);
      dAfter.push(part.tensorOf(dLast));
      others.push({ place: dLast, from: recorder.recorded(dOutput), next: zeros(own, dLast) });
    }
    const { grads } = engine().gradients(() => {
      const next = given.step(slices, before);
      const results = dOutput ? [...next.states, next.output] : next.states;
      return givenGradients(results, dAfter);
    }, [...slices, ...before, ...captured]);
    const gradient = (i: number) => (grads[i] ? part.recorded(grads[i]) : undefined);
    sequences.forEach((_, i) => {
      const item = gradient(i);
      made.push(item && { item, carried: listOf(ops, steps, own, item, place) });
    });
    states.forEach((_, i) => {
      const next = gradient(sequences.length + i) ?? zeros(own, dStates[i]!);
      made.push({ carried: { place: dStates[i]!, from: recorder.recorded(dys[i]!), next } });
    });
    captured.forEach((tensor, i) => {
      const more = gradient(sequences.length + states.length + i);
      const sum = placeOf(own, tensor);
      made.push(more && { carried: { place: sum, from: zeros(ops, sum), next: own.one('AddV2', [sum, more]) } });
    });
  });
  const carried = made.flatMap((each) => each?.carried ?? []);
  const results = repeat(recorder, part, steps, at!, [...carried, ...others], kept);
  return made.map((each) => {
    if (!each) return undefined;
    const value = results[carried.indexOf(each.carried)]!;
    return recorder.tensorOf(each.item ? stackOf(ops, value, each.item, steps) : value);
  });
}

/** Gives a part elements of values from outside, [steps, …], at the place of its step. */
function seen(part: Recorder, at: GraphValue, kept: Kept[]): (all: GraphValue) => Tensor {
  return (all) => {
    const place = placeOf(part.ops, all);
    kept.push({ place, from: all });
    return part.tensorOf(elementOf(part.ops, place, at));
  };
}

/** The states before each step: the first, and those after each step but the last. */
function shifted(ops: GraphOps, first: GraphValue, after: GraphValue): GraphValue {
  const [steps, ...lengths] = after.shape as [number, ...number[]];
  const begin = ops.constant(
    after.shape.map(() => 0),
    'int32',
  );
  const most = ops.one('Slice', [after, begin, ops.constant([steps - 1, ...lengths], 'int32')]);
  const one = ops.one('ExpandDims', [first, ops.constant(0, 'int32')]);
  return ops.one('ConcatV2', [[one, most], ops.constant(0, 'int32')]) as GraphValue;
}

/** A number whose gradients by `results` are `gradients`. */
function givenGradients(results: readonly Tensor[], gradients: readonly Tensor[]): Tensor {
  const sink = core.customGrad(() => ({ value: core.scalar(0), gradFunc: () => [...gradients] }));
  return sink(...results);
}

const placeOf = (ops: GraphOps, { dtype, shape }: Pick<Value, 'dtype' | 'shape'> | Tensor): GraphValue =>
  ops.placeholder(dtype as GraphValue['dtype'], shape);

const zeros = (ops: GraphOps, { dtype, shape }: Value): Value => ops.constant(0, dtype, shape);
