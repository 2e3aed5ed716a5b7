// What tfjs's recurrent layers keep beside their variables, while a step is recorded: the state of stateful ones, which becomes an input
// and an output, and masks of dropout, which are made anew at each call.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core, layers } from '../packages.ts';
import { NotRecordable, recording } from './current.ts';
import { override } from './override.ts';

interface Cell {
  dropoutMask?: Tensor | Tensor[] | null;
  recurrentDropoutMask?: Tensor | Tensor[] | null;
}

/** tfjs's layer, with members that it types as private. */
interface Recurrent {
  readonly name: string;
  readonly cell: Cell;
  readonly states_: Tensor[] | null;
  resetStates(states?: Tensor | Tensor[], training?: boolean): void;
}

const masks = ['dropoutMask', 'recurrentDropoutMask'] as const;

export class RecurrentLayers {
  readonly #saved: { readonly cell: Cell; readonly masks: Cell }[] = [];
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
  }

  /** Told of each layer before it is called. */
  calls(layer: object): void {
    const { cell } = layer as Partial<Recurrent>;
    if (!cell || this.#saved.some((one) => one.cell === cell)) return;
    const saved: Cell = {};
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
