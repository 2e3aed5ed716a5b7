// How a training that goes on in the background learns that its cell was interrupted.
import { onReset } from '../scopes.ts';

let interrupts = 0;
onReset(() => interrupts++);

/** Asked again and again: whether there was no interrupt since it was made. */
export function uninterrupted(): () => boolean {
  const begun = interrupts;
  return () => interrupts === begun;
}
