// What a cell shows → iopub messages under the request that ran it, also long after the cell has ended.

import type { Display } from '../src/display/bundle.ts';
import type { CellError, CellId, CellOutput } from '../src/session/types.ts';
import type { BundleContent, DisplayContent, ErrorContent } from './messages.ts';
import type { Publisher } from './publisher.ts';

/** Where a cell's output and questions go. */
export interface CellPlace {
  readonly cell: CellId;
  /** The bytes of the request's header. */
  readonly parent: Buffer;
  /** The client that sent the request. */
  readonly identities: readonly Buffer[];
  readonly count: number;
  readonly allowStdin: boolean;
}

/** Cells whose late output still finds its place; each costs a header's bytes, about 300. */
const REMEMBERED = 4096;

/** The places of the cells that ran. */
export class CellPlaces {
  readonly #places = new Map<CellId, CellPlace>();
  #last: CellPlace | undefined;

  /** `last` is false for a place where no person looks. */
  add(place: CellPlace, { last = true } = {}): void {
    // Frames that ZeroMQ received are parts of its buffers of 8 KB, each of which would live as long as the cell is remembered.
    const own = { ...place, parent: copyOf(place.parent), identities: place.identities.map(copyOf) };
    this.#places.set(place.cell, own);
    if (last) this.#last = own;
    if (this.#places.size > REMEMBERED)
      for (const oldest of this.#places.keys()) return void this.#places.delete(oldest);
  }

  /** The cell's place; for one that is forgotten, the last cell's, where a person looks. */
  get(cell: CellId): CellPlace | undefined {
    return this.#places.get(cell) ?? this.#last;
  }
}

/** In memory of its own: Node's small buffers share one with whatever is made beside them. */
function copyOf(frame: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(frame.length);
  frame.copy(copy);
  return copy;
}

/** Publishes one output of a cell. */
export function publishOutput(publisher: Publisher, output: CellOutput, { parent, count }: CellPlace): void {
  switch (output.type) {
    case 'stream':
      return publisher.publish('stream', { name: output.name, text: output.text }, parent);
    case 'display':
      return publisher.publish('display_data', display(output, output.displayId), parent);
    case 'update_display':
      return publisher.publish('update_display_data', display(output, output.displayId), parent);
    case 'clear_output':
      return publisher.publish('clear_output', { wait: output.wait }, parent);
    case 'result':
      return publisher.publish('execute_result', { ...display(output), execution_count: count }, parent);
    case 'error':
      return publisher.publish('error', errorContent(output.error), parent);
    default:
      return output satisfies never;
  }
}

export function errorContent({ name, message, traceback }: CellError): ErrorContent {
  return { ename: name, evalue: message, traceback };
}

export function bundle({ data, metadata }: Display): BundleContent {
  return { data, metadata };
}

function display(output: Display, id?: string): DisplayContent {
  return { ...bundle(output), transient: id === undefined ? {} : { display_id: id } };
}
