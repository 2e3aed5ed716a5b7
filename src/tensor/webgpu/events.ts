// Waits for Dawn on this thread. While something is pending, Dawn gives a function to the global setImmediate that looks for what has
// come and asks for its next turn; it is called here instead, so that a wait needs no turn of the event loop. Otherwise the event loop calls it.
import { setImmediate as later } from 'node:timers';
import vm from 'node:vm';
import { uninterrupted } from '../../session/interrupt/uninterrupted.ts';
import { onReset } from '../scopes.ts';

/** Turns that Dawn has asked for and not been given. At most one from each of its instances. */
const asked: (() => void)[] = [];
/** Stands in the place of setImmediate while Dawn runs. A built-in function can't be interrupted before it has noted what it is given. */
const note = asked.push.bind(asked) as unknown as typeof setImmediate;

let ownImmediate: typeof setImmediate | undefined;

/** Calls what may make Dawn ask for a turn. */
export function asking<T>(call: () => T): T {
  if (ownImmediate) return call();
  ownImmediate = globalThis.setImmediate;
  globalThis.setImmediate = note;
  try {
    return call();
  } finally {
    rest();
  }
}

function rest(): void {
  if (ownImmediate) globalThis.setImmediate = ownImmediate;
  ownImmediate = undefined;
  if (asked.length > 0) later(turn);
}

// An interrupt runs no `finally`.
onReset(rest);

/** Gives Dawn its turn. Returns false when it has asked for none. */
function turn(): boolean {
  const next = asked.shift();
  if (next) asking(uninterrupted(next));
  return next !== undefined;
}

/** Turns without a pause (about 0.1 ms): most waits end within them. */
const spins = 50;
const clock = new Int32Array(new SharedArrayBuffer(4));

/** Blocks until `done`, to be ended by an interrupt. @throws Error when Dawn has nothing under way. */
export function waitUntil(done: () => boolean): void {
  for (let turns = 0; !done(); turns++) {
    if (!turn()) throw new Error('webgpu: Dawn has nothing under way to wait for');
    // Leaves the core to a driver that computes on it.
    if (turns >= spins) Atomics.wait(clock, 0, 0, 0.1);
  }
}

/** What became of a promise. */
interface Outcome<T> {
  settled?: 'fulfilled' | 'rejected';
  value?: T;
  error?: unknown;
}

/** Blocks until a promise of Dawn's is settled, and gives its value. @throws what it is rejected with. */
export function settle<T>(start: () => Promise<T>): T {
  // A promise's callbacks are run by the context that they are of; this one's run when a script of it ends, not with the main program's.
  const context = vm.createContext({ Promise }, { microtaskMode: 'afterEvaluate' });
  const watch = vm.runInContext(
    `(promise, outcome) => void Promise.prototype.then.call(promise,
      (value) => { outcome.settled = 'fulfilled'; outcome.value = value; },
      (error) => { outcome.settled = 'rejected'; outcome.error = error; })`,
    context,
  ) as (promise: Promise<T>, outcome: Outcome<T>) => void;
  const callbacks = new vm.Script('undefined');
  const outcome: Outcome<T> = {};
  watch(asking(start), outcome);
  waitUntil(() => {
    callbacks.runInContext(context);
    return outcome.settled !== undefined;
  });
  if (outcome.settled === 'rejected') throw outcome.error;
  return outcome.value as T;
}
