// The name of the native call that the main thread is in, where the control thread can read it: the call may go on for minutes, and
// nothing else of the main thread answers meanwhile. Some can be asked to end, from another thread.

export const SLOTS_OF_CALL = {
  /** The number of the running call; 0 while none of those that have a name runs. Set around the call by whoever makes it. */
  number: 0,
  /** 1 from the moment that one has been asked to end until its canceller has been renewed. */
  asked: 1,
} as const;

export const nativeCall = new Int32Array(new SharedArrayBuffer(8));

/** How a call is asked to end: a program for a thread of its own, by its URL, and what that is given as `workerData`. */
export interface Canceller {
  readonly program: string;
  readonly data: unknown;
}

/** What is told of a call, by its number. */
export type CallNotice =
  | { readonly type: 'call'; readonly number: number; readonly name: string }
  | { readonly type: 'canceller'; readonly number: number; readonly canceller: Canceller };

const notices: CallNotice[] = [];
let calls = 0;
let tell: ((notice: CallNotice) => void) | undefined;

/** Gives a call's name, such as `TensorFlow’s MatMul`, its number. Once for each name. */
export function nameCall(name: string): number {
  note({ type: 'call', number: ++calls, name });
  return calls;
}

/** Says how a call can be asked to end from now on. */
export function setCanceller(number: number, canceller: Canceller): void {
  note({ type: 'canceller', number, canceller });
}

/** Hears what has been told so far, and then what comes. Called once, by the session. */
export function watchCalls(listener: (notice: CallNotice) => void): void {
  tell = listener;
  for (const notice of notices.splice(0)) listener(notice);
}

function note(notice: CallNotice): void {
  if (tell) tell(notice);
  else notices.push(notice);
}
