// Which cell made the tensors there are, and how memory changed while each ran. Counts only; small, since every session has it.

/** A cell's account. Bytes are the engine's: a tensor's size times its dtype's, none for strings. */
export interface Entry {
  /** Such as `In[3]`; `–` for what runs between cells. */
  readonly cell: string;
  /** Tensors alive that hold data which the cell made. */
  tensors: number;
  /** Their bytes. */
  bytes: number;
  /** Bytes by which memory grew while the cell ran, negative when it gave some back. */
  change: number;
}

/** Cells without a tensor that are still told of: those that ran last. */
const remembered = 10;

let entries: Entry[] = [];
let outside = fresh('–');
let running = outside;

function fresh(cell: string): Entry {
  return { cell, tensors: 0, bytes: 0, change: 0 };
}

/** From here on, tensors are this cell's. */
export function cellBegins(cell: string): void {
  running = fresh(cell);
  const old = entries.length - remembered;
  entries = entries.filter(({ tensors }, i) => tensors > 0 || i >= old);
  entries.push(running);
}

/** From here on, tensors are no cell's. */
export function cellEnds(): void {
  running = outside;
}

/** The account of what runs now. */
export const runningEntry = (): Entry => running;

/** A tensor more that holds data of `entry`. */
export function noteMade(entry: Entry, bytes: number): void {
  entry.tensors++;
  entry.bytes += bytes;
  running.change += bytes;
}

/** A tensor less. */
export function noteFreed(entry: Entry, bytes: number): void {
  entry.tensors--;
  entry.bytes -= bytes;
  running.change -= bytes;
}

/** Cells that hold tensors or changed memory, oldest first. */
export function ledger(): readonly Readonly<Entry>[] {
  return [...entries, outside].filter(({ tensors, change }) => tensors !== 0 || change !== 0);
}

/** Begins anew, when the engine does: its tensors are gone. */
export function clearLedger(): void {
  const { cell } = running;
  entries = [];
  outside = fresh('–');
  running = outside;
  if (cell !== outside.cell) cellBegins(cell);
}
