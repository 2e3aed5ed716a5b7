// Tells of a synchronous loop that loses tensors: they are freed only when the event loop turns, and it does not.
import type { Scope } from './memory.ts';
import { placeOf } from './place.ts';
import { pressure } from './pressure.ts';

/** Tensors that a loop has made for certain, past the threshold and outside of every `tf.tidy`, without a turn of the event loop. */
const many = 16;

let made = 0;
let warned = false;

/** Told of each tensor that is made. Warns once in a process, on the line that made it. */
export function watchLoop(scope: Scope | null): void {
  // What a scope made is freed at its end, loop or no loop.
  if (warned || scope || !pressure()) return;
  if (made++ === 0)
    setImmediate(() => {
      made = 0;
    });
  if (made < many) return;
  warned = true;
  console.warn(
    `tensor: a loop in which the event loop does not turn has gone past the memory at which lost tensors are freed${placeOf(new Error())}. ` +
      'Put its body into tf.tidy(() => { … }), or await tf.nextFrame() in it.',
  );
}
