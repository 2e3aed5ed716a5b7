// The control thread of a session process. It reads the control pipe while the main thread is in a user's loop: interrupts it, hands it
// answers to `prompt()`, makes it send waiting prints, and ends the process when the front is gone.
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { encodeFrame, FrameReader } from './frames.ts';
import { descendants, endAll, signalAll } from './interrupt/descendants.ts';
import { type ControlReport, type ControlRequest, FD, type InputAnswer } from './messages.ts';
import { type Canceller, SLOTS_OF_CALL } from './native-calls.ts';
import { CALLS, type ControlData, type ControlNotice, type MainNotice, SLOT, TERMINATION } from './shared.ts';
import type { CellId } from './types.ts';

/** A main thread that turns its event loop takes an interrupt up within this time, in ms; else it is terminated. */
const TAKE_UP = 5;
/** A child that the main thread waits for gets this long after SIGINT, in ms, before SIGKILL. */
const CHILD_GRACE = 500;
/** One that has not by then, in ms, is in native code: what it waits for has been ended. */
const BLOCKED = 1000;
/** A main thread that runs JavaScript answers within this time, in ms; one that does not may be waiting for a child process. */
const ANSWER = 20;
/** A refused termination is asked for again after this time, in ms. */
const RETRY = 2;
/** A busy machine may need this long, in ms, to end what is terminated, and to take an interrupt up then. */
const COMPLETE = 200;
/** Printed text may wait this long in a busy main thread, in ms. */
const PRINT_DELAY = 4;

const { shared, nativeCall, answers } = workerData as ControlData;
const main = parentPort!;
const ownChildren = new Set<number>();
/** Names of native calls by their number, and how some are asked to end. */
const calls = new Map<number, string>();
const cancellers = new Map<number, Canceller>();
/** Terminations go one after another: an evaluation that another termination meets swallows it. */
let ending: Promise<void> | undefined;

function interrupt(cell: CellId): void {
  Atomics.store(shared, SLOT.askedFor, cell);
  const number = Atomics.add(shared, SLOT.asked, 1) + 1;
  Atomics.notify(shared, SLOT.asked);
  const notice = { type: 'interrupt', cell, number } satisfies ControlNotice;
  main.postMessage(notice);
  const before = Atomics.load(shared, SLOT.acknowledged);
  if (before < number) Atomics.wait(shared, SLOT.acknowledged, before, TAKE_UP);
  if (isOver(notice)) return;
  const mine = (ending ?? Promise.resolve()).then(() => terminate(notice));
  ending = mine;
  void mine.then(() => {
    if (ending === mine) ending = undefined;
  });
}

/** Whether the main thread has taken an interrupt up, or runs another cell by now. */
function isOver({ cell, number }: ControlNotice): boolean {
  if (Atomics.load(shared, SLOT.acknowledged) >= number) return true;
  const running = Atomics.load(shared, SLOT.running);
  // With none it may be in a loop that an earlier cell has left, and this one behind it.
  return running !== cell && running !== 0;
}

/**
 * Terminates what the main thread does for a cell, or what an earlier one has left running, until it takes the interrupt up or has
 * ended the cell.
 */
async function terminate(notice: ControlNotice): Promise<void> {
  const { asked, granted, ordering, ordered } = TERMINATION;
  while (!isOver(notice)) {
    Atomics.store(shared, SLOT.termination, asked);
    const inspector = new Session();
    inspector.connectToMainThread();
    let over = false;
    inspector.post('Runtime.evaluate', { expression: call(CALLS.terminate, notice.cell, notice.number) }, () => {
      over = true;
    });
    // A main thread that waits for a child answers when the child has ended.
    if (Atomics.wait(shared, SLOT.termination, asked, ANSWER) === 'timed-out') {
      cancelCall();
      endAwaitedChildren();
    }
    // Looks again and again: on Node 20 `Atomics.waitAsync` wakes no idle event loop. A call may be over without an answer: one that a
    // termination has cut off, or that found nobody to call in a main thread that is still starting.
    const answered = () => over || Atomics.load(shared, SLOT.termination) !== asked;
    await until(answered, BLOCKED);
    if (!answered()) report({ type: 'blocked', cell: notice.cell, ...callName() });
    await until(answered);
    if (Atomics.compareExchange(shared, SLOT.termination, granted, ordering) === granted) {
      const ended = new Promise((resolve) => inspector.post('Runtime.terminateExecution', resolve));
      Atomics.store(shared, SLOT.termination, ordered);
      await Promise.race([ended, delay(COMPLETE)]);
      // Behind it: what the termination cut off may have been the main thread's taking up of the interrupt.
      main.postMessage(notice);
      await until(() => isOver(notice), COMPLETE);
    }
    inspector.disconnect();
    await delay(RETRY);
  }
}

/** Resolves once something is so, or after `patience` ms. */
async function until(isSo: () => boolean, patience = Number.POSITIVE_INFINITY): Promise<void> {
  const end = performance.now() + patience;
  while (!isSo() && performance.now() < end) await delay(RETRY);
}

function call(name: string, ...words: number[]): string {
  return `globalThis[Symbol.for('${name}')]?.(${words})`;
}

/** `spawnSync` can't be terminated, but its child can: those children that no asynchronous call of ours has started. */
function endAwaitedChildren(): void {
  const awaited = descendants(process.pid).filter((pid) => !ownChildren.has(pid));
  signalAll(awaited, 'SIGINT');
  if (awaited.length > 0) setTimeout(() => signalAll(awaited, 'SIGKILL'), CHILD_GRACE);
}

function callName(): { call?: string } {
  const call = calls.get(Atomics.load(nativeCall, SLOTS_OF_CALL.number));
  return call ? { call } : {};
}

/** Asks the native call that the main thread is in to end, where it can be asked and has not been. */
function cancelCall(): void {
  const canceller = cancellers.get(Atomics.load(nativeCall, SLOTS_OF_CALL.number));
  if (!canceller || Atomics.exchange(nativeCall, SLOTS_OF_CALL.asked, 1) === 1) return;
  // A thread of its own, so that the library's binding is not loaded into this one, which must live.
  const asking = new Worker(new URL(canceller.program), { workerData: canceller.data, stderr: true });
  asking.on('error', () => undefined).unref();
}

/** Evaluated at the next stack check of a busy main thread, in the middle of whatever it does. */
function sendPrintsLeftWaiting(number: number): void {
  if (Atomics.load(shared, SLOT.pending) !== number || ending) return;
  const expression = call(CALLS.flush);
  const inspector = new Session();
  inspector.connectToMainThread();
  inspector.post('Runtime.evaluate', { expression }, () => inspector.disconnect());
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
      return answer(request);
    default:
      request satisfies never;
  }
}

main.on('message', (notice: MainNotice) => {
  if (notice.type === 'child') ownChildren.add(notice.pid);
  else if (notice.type === 'call') calls.set(notice.number, notice.name);
  else if (notice.type === 'canceller') cancellers.set(notice.number, notice.canceller);
  else setTimeout(sendPrintsLeftWaiting, PRINT_DELAY, notice.number);
});

const pipe = new Socket({ fd: FD.control });
const report = (content: ControlReport) => pipe.write(encodeFrame(content));
const reader = new FrameReader<ControlRequest>();
pipe.on('data', (chunk: Buffer) => {
  for (const frame of reader.push(chunk)) take(frame.header);
});
pipe.on('end', endAll);
pipe.on('error', endAll);
