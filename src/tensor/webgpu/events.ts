// Waits for Dawn on this thread. While something is pending, Dawn gives a function to the global setImmediate that looks for what has
// come and asks for its next turn; it is called here instead, so that a wait needs no turn of the event loop. Otherwise the event loop calls it.
import { setImmediate as later } from 'node:timers';
import vm from 'node:vm';
import { uninterrupted } from '../../session/interrupt/uninterrupted.ts';
import { onReset } from '../scopes.ts';

/** Turns that Dawn has asked for and not been given: it asks for no other until it has had one. */
const asked: (() => void)[] = [];
/** Stands in the place of setImmediate while Dawn runs. */
const note = asked.push.bind(asked) as unknown as typeof setImmediate;

/** Calls what may make Dawn ask for a turn. */
export const asking = uninterrupted(<T>(call: () => T): T => {
  const own = globalThis.setImmediate;
  globalThis.setImmediate = note;
  try {
    return call();
  } finally {
    globalThis.setImmediate = own;
    askAgain();
  }
});

/** Without a wait, the event loop gives Dawn its turn. */
function askAgain(): void {
  if (asked.length > 0) later(turn);
}

// An interrupt may take what the event loop was to call.
onReset(askAgain);

/** Gives Dawn its turn. Returns false when it has asked for none. */
const turn = uninterrupted((): boolean => {
  const next = asked.shift();
  if (next) asking(next);
  return next !== undefined;
});

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
