// Tells of a synchronous loop that loses tensors: they are freed only when the event loop turns, and it does not.
import { setImmediate } from 'node:timers';
import { placeOf } from './place.ts';
import { pressure } from './pressure.ts';

/** Tensors that a loop has made past the threshold, outside of every `tf.tidy`, without a turn of the event loop. */
const many = 16;

let made = 0;
let warned = false;

/** Told of tensors that nobody has disposed and no scope answers for, as they are made. Warns once in a process, with the running line. */
export function watchLoop(count: number): void {
  if (warned || count === 0 || !pressure()) return;
  if (made === 0)
    setImmediate(() => {
      made = 0;
    });
  made += count;
  if (made < many) return;
  warned = true;
  console.warn(
    `tensor: a loop in which the event loop does not turn has gone past the memory at which lost tensors are freed${placeOf(new Error())}. ` +
      'Put its body into tf.tidy(() => { … }), or await tf.nextFrame() in it.',
  );
}
