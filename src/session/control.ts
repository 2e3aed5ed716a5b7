// The control thread of a session process. It reads the control pipe while the main thread is in a user's loop: interrupts it, hands it
// answers to `prompt()`, makes it send waiting prints, and ends the process when the front is gone.
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { FrameReader } from './frames.ts';
import { descendants, signalAll } from './interrupt/descendants.ts';
import { type ControlRequest, FD } from './messages.ts';
import { CALLS, type ControlData, type ControlNotice, type InputAnswer, type MainNotice, SLOT } from './shared.ts';
import type { CellId } from './types.ts';

/** A main thread that turns its event loop takes an interrupt up within this time, in ms; else it is terminated. */
const TAKE_UP = 8;
/** A child that the main thread waits for gets this long after SIGINT, in ms, before SIGKILL. */
const CHILD_GRACE = 500;
/** Printed text may wait this long in a busy main thread, in ms. */
const PRINT_DELAY = 4;

const { shared, answers } = workerData as ControlData;
const main = parentPort!;
const ownChildren = new Set<number>();
let interrupts = 0;

function interrupt(cell: CellId): void {
  const number = ++interrupts;
  const notice = { type: 'interrupt', cell, number } satisfies ControlNotice;
  main.postMessage(notice);
  const before = Atomics.load(shared, SLOT.acknowledged);
  if (before < number) Atomics.wait(shared, SLOT.acknowledged, before, TAKE_UP);
  if (Atomics.load(shared, SLOT.acknowledged) >= number || Atomics.load(shared, SLOT.running) !== cell) return;
  Atomics.store(shared, SLOT.terminating, 0);
  onMainThread((inspector) => {
    inspector.post('Runtime.evaluate', { expression: call(CALLS.unwind) });
    inspector.post('Runtime.terminateExecution', () => {
      inspector.disconnect();
      // The main thread may have taken the interrupt up at the last moment, and been cut off in that.
      main.postMessage(notice);
    });
    // `unwind` waits for this, so that no JavaScript runs between the two.
    Atomics.store(shared, SLOT.terminating, 1);
  });
  // After it: a main thread that waits for a child would else go on with its cell as soon as the child is gone.
  endAwaitedChildren();
}

function call(name: string): string {
  return `globalThis[Symbol.for('${name}')]?.()`;
}

/** `spawnSync` can't be terminated, but its child can: those children that no asynchronous call of ours has started. */
function endAwaitedChildren(): void {
  const awaited = descendants(process.pid).filter((pid) => !ownChildren.has(pid));
  signalAll(awaited, 'SIGINT');
  if (awaited.length > 0) setTimeout(() => signalAll(awaited, 'SIGKILL'), CHILD_GRACE);
}

function onMainThread(use: (inspector: Session) => void): void {
  const inspector = new Session();
  inspector.connectToMainThread();
  use(inspector);
}

/** Evaluated at the next stack check of a busy main thread, in the middle of whatever it does. */
function sendPrintsLeftWaiting(number: number): void {
  if (Atomics.load(shared, SLOT.pending) !== number) return;
  const expression = call(CALLS.flush);
  onMainThread((inspector) => inspector.post('Runtime.evaluate', { expression }, () => inspector.disconnect()));
}

function answer(content: InputAnswer): void {
  answers.postMessage(content);
  Atomics.add(shared, SLOT.answered, 1);
  Atomics.notify(shared, SLOT.answered);
}

function take(request: ControlRequest): void {
  switch (request.type) {
    case 'interrupt':
      return interrupt(request.cell);
    case 'input':
      return answer({ text: request.text });
    case 'input_failed':
      return answer({ failed: request.message });
    default:
      request satisfies never;
  }
}

main.on('message', (notice: MainNotice) => {
  if (notice.type === 'child') ownChildren.add(notice.pid);
  else setTimeout(sendPrintsLeftWaiting, PRINT_DELAY, notice.number);
});

const pipe = new Socket({ fd: FD.control });
const reader = new FrameReader<ControlRequest>();
pipe.on('data', (chunk: Buffer) => {
  for (const frame of reader.push(chunk)) take(frame.header);
});
const frontIsGone = () => process.kill(process.pid, 'SIGKILL');
pipe.on('end', frontIsGone);
pipe.on('error', frontIsGone);
