// The name of the native call that the main thread is in, where the control thread can read it: the call may go on for minutes, and
// nothing else of the main thread answers meanwhile.

/** The number of the running call at index 0; 0 while none of those that have a name runs. Set around the call by whoever makes it. */
export const nativeCall = new Int32Array(new SharedArrayBuffer(4));

const names: string[] = [];
let tell: ((name: string) => void) | undefined;

/** Gives a call's name, such as `TensorFlow’s MatMul`, its number. Once for each name. */
export function nameCall(name: string): number {
  names.push(name);
  tell?.(name);
  return names.length;
}

/** Hears the names in the order of their numbers, from 1. Called once, by the session. */
export function watchCalls(listener: (name: string) => void): void {
  tell = listener;
  for (const name of names) listener(name);
}
