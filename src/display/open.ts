// What a cell has begun to show and not ended itself: a bar whose loop an interrupt cut off, a training whose loop threw. The cell's end
// tells each, which then shows its last state.
import { currentCell } from '../session/outputs.ts';

/** How a cell ended. */
export type CellEnding =
  | { readonly status: 'ok' }
  | { readonly status: 'interrupted' }
  | { readonly status: 'error'; readonly message: string };

/** What shows something that is still under way. It may go on after its cell's end, which a loop in the background does. */
export interface Open {
  cellEnds(ending: CellEnding): void;
}

const open = new Map<Open, number>();

/** Has something told of the end of the cell that is running. */
export function begun(thing: Open): void {
  open.set(thing, currentCell());
}

/** It has ended by itself. */
export function ended(thing: Open): void {
  open.delete(thing);
}

/** Called once by the session when a cell has ended, whatever ended it. */
export function endOpen(ending: CellEnding): void {
  const cell = currentCell();
  for (const [thing, its] of [...open]) {
    if (its !== cell) continue;
    open.delete(thing);
    try {
      thing.cellEnds(ending);
    } catch (error) {
      // The cell must end whatever its pictures do.
      console.error(`a display could not be drawn at the cell's end: ${error}`);
    }
  }
}
