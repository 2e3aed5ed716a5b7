// tfjs's recurrent layers while a step is recorded: their steps become a loop, the state of stateful ones becomes an input and an output,
// and masks of dropout are made anew at each call.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core, layers } from '../packages.ts';
import { NotRecordable, recording } from './current.ts';
import { override } from './override.ts';
import type { Recorder } from './recorder.ts';
import { type ScanStep, scan } from './scan.ts';

interface Cell {
  readonly cells?: readonly Cell[];
  readonly stateSize: number | number[];
  dropoutMask?: Tensor | Tensor[] | null;
  recurrentDropoutMask?: Tensor | Tensor[] | null;
  call(inputs: Tensor[], kwargs: object): Tensor[];
}

/** What tfjs hands to a layer's call. */
interface Call {
  readonly mask?: Tensor | Tensor[] | null;
  readonly training?: boolean | null;
  readonly initialState?: Tensor[] | null;
}

/** tfjs's layer, with members that it types as private. */
interface Recurrent {
  readonly name: string;
  readonly cell: Cell;
  readonly states_: Tensor[] | null;
  readonly stateful: boolean;
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  getInitialState(inputs: Tensor): Tensor[];
  resetStates(states?: Tensor | Tensor[], training?: boolean | null): void;
  call(inputs: Tensor | Tensor[], kwargs: Call | null): Tensor | Tensor[];
}

const masks = ['dropoutMask', 'recurrentDropoutMask'] as const;
/** Shorter sequences are unrolled, as tfjs does it. */
const fewSteps = 3;

export class RecurrentLayers {
  readonly #saved: { readonly cell: Cell; readonly masks: Partial<Cell> }[] = [];
  readonly #undos: (() => void)[];

  constructor() {
    const { classNameMap } = core.serialization.SerializationMap.getMap();
    // ConvLSTM2D's base class, which has a method of its own, is not exported.
    const convolutional = Object.getPrototypeOf(
      (classNameMap.ConvLSTM2D![0] as { prototype: object }).prototype,
    ) as Recurrent;
    const plain = layers.RNN.prototype as unknown as Recurrent;
    this.#undos = [plain, convolutional].map((prototype) =>
      override(prototype, {
        resetStates(this: Recurrent, states?: Tensor | Tensor[]) {
          if (states === undefined || !this.states_) throw new NotRecordable(`${this.name} resets its state`, true);
          [states].flat().forEach((state, i) => {
            recording()!.carry(() => this.states_![i]!, state);
          });
        },
      }),
    );
    const { call } = plain;
    const made = () => this.made();
    this.#undos.push(
      override(plain, {
        call(this: Recurrent, inputs, kwargs) {
          return core.tidy(() => callAsLoop(this, inputs, kwargs ?? {}, made) ?? call.call(this, inputs, kwargs));
        },
      }),
    );
  }

  /** Told of each layer before it is called. */
  calls(layer: object): void {
    const { cell } = layer as Partial<Recurrent>;
    if (cell) for (const each of cell.cells ?? [cell]) this.#save(each);
  }

  #save(cell: Cell): void {
    if (this.#saved.some((one) => one.cell === cell)) return;
    const saved: Partial<Cell> = {};
    for (const mask of masks) {
      if (!(mask in cell)) continue;
      saved[mask] = cell[mask] ?? null;
      cell[mask] = null;
    }
    this.#saved.push({ cell, masks: saved });
  }

  /** The masks that the recording has made. */
  made(): Tensor[] {
    return this.#saved.flatMap(({ cell }) => masks.flatMap((mask) => cell[mask] ?? []));
  }

  restore(): void {
    for (const { cell, masks } of this.#saved) Object.assign(cell, masks);
    for (const undo of this.#undos) undo();
  }
}

/** What tfjs's `RNN.call` does, as a loop; undefined where it is left to tfjs. */
function callAsLoop(
  layer: Recurrent,
  inputs: Tensor | Tensor[],
  { mask, training, initialState }: Call,
  masksMade: () => Tensor[],
): Tensor | Tensor[] | undefined {
  const input = [inputs].flat()[0]!;
  const steps = input.shape[1]!;
  const states = initialState ?? (layer.stateful ? layer.states_! : layer.getInitialState(input));
  if (steps < fewSteps || states.length !== [layer.cell.stateSize].flat().length) return undefined;
  const { cell, goBackwards, returnSequences } = layer;
  const timeMajor = (tensor: Tensor) => {
    const turned = core.transpose(tensor, [1, 0, ...range(2, tensor.rank)]);
    return goBackwards ? core.reverse(turned, 0) : turned;
  };
  const sequences = [timeMajor(input)];
  const given = [mask].flat()[0];
  if (given) {
    const numbers = core.cast(core.cast(given, 'bool'), 'float32');
    sequences.push(timeMajor(numbers.rank === input.rank - 1 ? core.expandDims(numbers, -1) : numbers));
  }
  // Masks of dropout are made in a cell's first step, for all.
  cell.call([core.squeeze(core.slice(sequences[0]!, 0, 1), [0]), ...states], { training });
  const step: ScanStep = ([slice, stepMask], before) => {
    const [output, ...after] = cell.call([slice!, ...before], { training }) as [Tensor, ...Tensor[]];
    if (!stepMask) return { output, states: after };
    const rest = core.sub(core.onesLike(stepMask), stepMask);
    const masked = (value: Tensor, old: Tensor) => core.add(core.mul(value, stepMask), core.mul(old, rest));
    const kept = after.map((state, i) => masked(state, before[i]!));
    return { output: output === after[0] ? kept[0]! : masked(output, before[0]!), states: kept };
  };
  const fixed = [...sequences.slice(1), ...masksMade()];
  const done = scan(recording() as Recorder, { step, sequences, states, fixed, all: returnSequences });
  if (!done) return undefined;
  if (layer.stateful) layer.resetStates([...done.states], training ?? null);
  const turnedBack = () => core.transpose(done.output, [1, 0, ...range(2, done.output.rank)]);
  const output = returnSequences ? turnedBack() : done.output;
  return layer.returnState ? [output, ...done.states] : output;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
