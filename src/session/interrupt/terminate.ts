// The main thread's side of a termination: called by the control thread through the inspector, in the middle of whatever the main
// thread does. Grants the termination of a cell's code and waits for the order, so that no JavaScript runs between the two.
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SLOT, TERMINATION } from '../shared.ts';
import type { CellId } from '../types.ts';
import type { AsyncStack } from './async-stack.ts';
import { UNINTERRUPTED } from './uninterrupted.ts';

/** The order comes within microseconds of the grant; the control thread may be kept from it for as long as this, in ms. */
const PATIENCE = 100;

/**
 * A function that makes the main thread ready for the termination of a cell's code, or refuses it. `late` says whether what an earlier
 * cell has left running may be ended for another, which waits behind it (0: for none).
 */
export function terminator(
  shared: Int32Array,
  asyncStack: AsyncStack,
  late: (waiting: CellId) => boolean,
): (cell: CellId, number: number) => void {
  const answer = (state: number) => {
    Atomics.store(shared, SLOT.termination, state);
    Atomics.notify(shared, SLOT.termination);
  };
  return (cell, number) => {
    // It has been taken up by now: what would be cut off is that.
    if (Atomics.load(shared, SLOT.acknowledged) >= number) return answer(TERMINATION.refused);
    const running = Atomics.load(shared, SLOT.running);
    if (running !== cell && running !== 0) return answer(TERMINATION.refused);
    const files = filesBelow();
    // A cell that waits: the termination would cut off whatever the event loop calls next. Without a cell: the session's own code.
    if (!mayBeCut(files)) return answer(TERMINATION.refused);
    if (running === 0 && !(files.some(isForeign) && late(cell))) return answer(TERMINATION.refused);
    asyncStack.unwind();
    answer(TERMINATION.granted);
    // No Atomics.wait: the interrupted code may be in one, and V8 can't nest them.
    const until = performance.now() + PATIENCE;
    const { asked, granted, refused, ordered } = TERMINATION;
    for (;;) {
      const state = Atomics.load(shared, SLOT.termination);
      // `asked`: the order came and went, on a busy machine that has kept this thread from seeing it.
      if (state === ordered || state === asked) return;
      if (performance.now() < until) continue;
      if (Atomics.compareExchange(shared, SLOT.termination, granted, refused) === granted) return asyncStack.restore();
    }
  };
}

/**
 * Whether the inspector has called from within JavaScript that may be cut off: not from the event loop, not from within a native library
 * that would not survive it, and not from Node's own hooks of promises, which would go on to push onto the stack that has just been emptied.
 */
function mayBeCut(files: readonly string[]): boolean {
  const outside = files.findIndex((file) => !isNodes(file));
  const ofNode = outside < 0 ? files : files.slice(0, outside);
  return (
    files.length > 0 && !files.includes(UNINTERRUPTED) && !ofNode.some((file) => /(async|promise)_hooks$/.test(file))
  );
}

/** Whether a file is a cell, or what one has imported: neither the session's program nor Node. */
function isForeign(file: string): boolean {
  return !isNodes(file) && !file.startsWith(PROGRAM);
}

/** V8's built-ins, which Node's hooks call, have no file. */
function isNodes(file: string): boolean {
  return file === '' || file.startsWith('node:');
}

/** The files of the innermost functions below the inspector's call, innermost first. */
function filesBelow(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = OWN_FRAMES + FRAMES;
    Error.prepareStackTrace = (_, sites) => sites;
    const sites = new Error().stack as unknown as readonly NodeJS.CallSite[];
    return sites.slice(OWN_FRAMES).map((site) => site.getFileName() ?? '');
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** `filesBelow`, its caller, and the expression that the inspector evaluates. */
const OWN_FRAMES = 3;
/** Node's hooks, and what a cell's code calls of the session's, are no deeper than this. */
const FRAMES = 50;
/** Where the session's program lies. */
const PROGRAM = pathToFileURL(dirname(dirname(process.argv[1]!))).href;
