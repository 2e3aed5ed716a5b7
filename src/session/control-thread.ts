// The control thread and what it shares with the main thread.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { nativeCall } from './native-calls.ts';
import { type ControlData, SLOTS } from './shared.ts';

export interface ControlThread {
  readonly worker: Worker;
  /** What both threads see, see SLOT. */
  readonly shared: Int32Array;
  /** Answers to `prompt()` come in here. */
  readonly answers: MessagePort;
}

/** The thread keeps no process alive. It takes 24 ms to be there. */
export function startControlThread(): ControlThread {
  const { port1, port2 } = new MessageChannel();
  const shared = new Int32Array(new SharedArrayBuffer(4 * SLOTS));
  const worker = new Worker(new URL('./control.js', import.meta.url), {
    workerData: { shared, nativeCall, answers: port2 } satisfies ControlData,
    transferList: [port2],
  });
  worker.unref();
  return { worker, shared, answers: port1 };
}
