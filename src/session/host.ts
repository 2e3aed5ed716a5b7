// The main thread of a session process: what its pieces are and how they hang together. A request comes in by the channel, the runner
// runs it, what it shows leaves by `emit`.
import { AsyncLocalStorage } from 'node:async_hooks';
import { CellRunner } from './cell-runner.ts';
import { installCellStreams } from './cell-streams.ts';
import { Channel } from './channel.ts';
import { CommInbox } from './comm-inbox.ts';
import { connectComms } from './comms.ts';
import { complete } from './complete.ts';
import { startControlThread } from './control-thread.ts';
import { cellError } from './errors/traceback.ts';
import { Evaluator } from './evaluate.ts';
import { joinBuffers, splitBuffers } from './frames.ts';
import { installPrompt } from './input.ts';
import { inspect } from './inspect.ts';
import { asyncStack } from './interrupt/async-stack.ts';
import { AwaitGuard, KeyboardInterrupt } from './interrupt/await-guard.ts';
import { CellChildren, CHILD_FIRST } from './interrupt/children.ts';
import { terminator } from './interrupt/terminate.ts';
import { CellTimers } from './interrupt/timers.ts';
import { compileMagic } from './magic-code.ts';
import type { SessionRequest } from './messages.ts';
import { nativeCall, watchCalls } from './native-calls.ts';
import { connectOutputs } from './outputs.ts';
import type { MagicContext, SessionParts } from './parts.ts';
import { Prints, type StreamName } from './prints.ts';
import { runMagic } from './run-magic.ts';
import { CALLS, type ControlNotice, type MainNotice, SLOT } from './shared.ts';
import { Snapshot } from './snapshot.ts';
import { Stdin } from './stdin.ts';
import type { CellId, CellOutput, InputRequest } from './types.ts';
import { warmUp, warmUpSoon } from './warm-up.ts';

// Kept before a cell can replace it.
const later = setImmediate;

/** Turns this process into a session that serves its front until the front goes. */
export function serveSession(parts: SessionParts, nonce: string): void {
  const channel = new Channel(nonce);
  const cells = new AsyncLocalStorage<CellId>();
  let lastCell: CellId = 0;
  const currentCell = () => cells.getStore() ?? lastCell;

  const { worker: controlThread, shared, answers } = startControlThread();
  const notify = (notice: MainNotice) => controlThread.postMessage(notice);
  watchCalls(notify);

  const guard = new AwaitGuard(currentCell, parts.beforeAwait);
  // What such a cell prints is dropped by the front; written, it would only hold the interrupt up where the pipe is full.
  const interruptComes = (cell: CellId) =>
    Atomics.load(shared, SLOT.asked) > Atomics.load(shared, SLOT.acknowledged) &&
    Atomics.load(shared, SLOT.askedFor) === cell;
  const prints = new Prints(
    (cell, name, text) => {
      if (!interruptComes(cell)) channel.stream(cell, name, text);
    },
    (number) => {
      Atomics.store(shared, SLOT.pending, number);
      if (number > 0) notify({ type: 'pending', number });
    },
  );
  const print = (name: StreamName, text: string) => {
    const cell = currentCell();
    if (!guard.isInterrupted(cell)) prints.print(cell, name, text);
  };
  const emit = (cell: CellId, output: CellOutput) => {
    if (output.type === 'stream') return print(output.name, output.text);
    prints.flush();
    // Most often the cell's end follows at once.
    if (output.type === 'result') channel.hold({ type: 'output', cell, output });
    else channel.send({ type: 'output', cell, output });
  };
  const contexts = asyncStack();
  /** The cell whose code an interrupt has cut off after the cell's end. */
  let left: CellId | undefined;
  /** Of the cells and comm messages that have begun. */
  let newest: CellId = 0;
  const calls = {
    [CALLS.flush]: () => prints.flush(),
    [CALLS.terminate]: terminator(shared, contexts, (waiting) => {
      if (waiting !== 0 && waiting <= newest) return false; // it has ended
      left = currentCell();
      // It may be taken before the notice of the interrupt.
      if (waiting !== 0) guard.interrupt(waiting);
      return true;
    }),
  };
  for (const [name, value] of Object.entries(calls)) Object.defineProperty(globalThis, Symbol.for(name), { value });
  connectOutputs((output) => emit(currentCell(), output), currentCell);
  installCellStreams(print);

  const timers = new CellTimers(currentCell);
  const children = new CellChildren({
    cell: currentCell,
    print,
    started: (pid) => notify({ type: 'child', pid }),
    blocking: () => {
      prints.flush();
      const asked = Atomics.load(shared, SLOT.asked);
      return (signal) => {
        channel.mark();
        if (signal === 'SIGINT' && Atomics.wait(shared, SLOT.asked, asked, CHILD_FIRST) !== 'timed-out')
          throw new KeyboardInterrupt();
      };
    },
  });

  // Before the evaluator, which takes what is global now for built-in: a cell may shadow it, and `%reset` gives it back.
  for (const [name, value] of Object.entries(parts.globals)) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  }

  const evaluator = new Evaluator({
    folder: process.cwd(),
    redirects: parts.redirects,
    guard: (value, failed, at) => guard.guard(value, failed, at),
    pause: (value) => guard.pause(value),
    magic: (line, code) => runMagic(line, code, magicContext),
  });
  let names = new Set<string>();
  const snapshot = new Snapshot(evaluator, parts.formatters);
  const runner = new CellRunner({
    parts,
    evaluator,
    within: (cell, run) => cells.run(cell, run),
    emit,
    isInterrupted: (cell) => guard.isInterrupted(cell),
    beforeEnd: (cell, status) =>
      (status === 'ok' ? stdin.stillReading(cell) : undefined) ?? children.interruptToCome(cell),
    began: (cell) => {
      lastCell = cell;
      newest = cell;
      Atomics.store(shared, SLOT.running, cell);
    },
    ending: () => Atomics.store(shared, SLOT.running, 0),
    ended: (cell, result) => {
      prints.flush();
      const known = evaluator.names();
      const changed = known.size !== names.size;
      if (changed) names = new Set(known.keys());
      channel.mark({ type: 'done', cell, result, ...(changed && { names: [...names] }) });
      // Before the next cell can be read, and behind the end of this one.
      later(() => {
        const values = snapshot.changes();
        if (values) channel.send({ type: 'seen', values });
      });
      inbox.retry();
    },
  });

  const inbox = new CommInbox({
    within: (cell, run) => cells.run(cell, run),
    fail: (cell, error) => emit(cell, { type: 'error', error: cellError(error) }),
    busy: () => runner.running !== undefined,
    // An interrupt is for the running cell, also while a handler runs beside it.
    began: (cell) => {
      newest = Math.max(newest, cell);
      Atomics.compareExchange(shared, SLOT.running, 0, cell);
    },
    ended: (cell) => {
      Atomics.compareExchange(shared, SLOT.running, cell, 0);
      prints.flush();
      channel.mark({ type: 'handled', cell });
    },
  });
  connectComms({
    send: ({ buffers, ...message }) => {
      prints.flush();
      const { sizes, payload } = joinBuffers(buffers);
      channel.send({ type: 'comm', cell: currentCell(), sizes, ...message }, payload);
    },
    registered: () => inbox.retry(),
  });

  const magicContext: MagicContext = {
    folder: process.cwd(),
    magics: parts.magics,
    tensors: parts.tensors,
    compile: (call, form = 'once') =>
      compileMagic(evaluator, `In[${runner.running?.count}]`, (prepared) => runner.load(prepared), call, form),
    history: runner.history.inputs,
    suggest: (text) => runner.suggest(text),
    names: () => evaluator.names(),
    read: (name) => evaluator.read(name),
    forget: (wanted) => {
      if (wanted.length === 0) runner.history.forget();
      for (const name of wanted.length > 0 ? wanted : [...evaluator.names().keys()]) evaluator.forget(name);
    },
    restart: () => channel.send({ type: 'restart' }),
    check: (mode) => {
      prints.flush();
      channel.mark({ type: 'check', cell: currentCell(), ...(mode && { mode }) });
    },
    showLog: () => {
      prints.flush();
      channel.mark({ type: 'show_log', cell: currentCell() });
    },
  };

  const askPerson = (asker: string, request: InputRequest, id?: number) => {
    if (!runner.running?.allowStdin)
      throw new Error(`${asker}: this front end does not take input (allow_stdin is false)`);
    prints.flush();
    channel.mark({ type: 'input', cell: currentCell(), request, ...(id !== undefined && { id }) });
  };
  const stdin = new Stdin({
    cell: currentCell,
    running: () => runner.running?.cell,
    within: (cell, run) => cells.run(cell, run),
    ask: (id, prompt) => askPerson('process.stdin', { prompt, password: false }, id),
    fail: (cell, error) => void (guard.reject(cell, error) || runner.fail(cell, error)),
  });
  installPrompt({
    shared,
    answers,
    ask: (request) => askPerson('prompt', request),
  });

  const stop = (cell: CellId) => {
    guard.interrupt(cell);
    timers.clear(cell);
    children.end(cell);
  };
  const interrupt = (cell: CellId) => {
    nativeCall[0] = 0;
    stop(cell);
    parts.afterInterrupt();
    runner.interrupt(cell);
    stdin.interrupt();
    inbox.interrupted();
    channel.resume();
  };
  controlThread.on('message', (notice: ControlNotice) => {
    // First of all: from now on nothing is terminated. A notice may come again behind that of a later interrupt.
    Atomics.store(shared, SLOT.acknowledged, Math.max(notice.number, Atomics.load(shared, SLOT.acknowledged)));
    Atomics.notify(shared, SLOT.acknowledged);
    contexts.restore();
    if (left !== undefined) {
      stop(left);
      emit(left, { type: 'error', error: cellError(new KeyboardInterrupt()) });
      left = undefined;
    }
    if (notice.cell === 0) return;
    if (!runner.running || runner.running.cell === notice.cell) interrupt(notice.cell);
  });

  const late = (error: unknown) => emit(currentCell(), { type: 'error', error: cellError(error) });
  process.on('uncaughtException', late);
  process.on('unhandledRejection', late);
  // Ctrl-C in a terminal reaches the whole group. The front will say so, but what a child of the cell makes of it may come first.
  process.on('SIGINT', () => {
    if (runner.running) interrupt(runner.running.cell);
  });
  process.on('exit', () => {
    prints.flush();
    channel.release();
  });

  const world = { evaluator, parts, load: (name: string) => loadByName(parts, runner, name) };
  channel.listen((request: SessionRequest, payload) => {
    switch (request.type) {
      case 'execute':
        return runner.run(request);
      case 'complete':
        return void complete(world, request.code, request.cursor).then((answer) =>
          channel.send({ type: 'reply', id: request.id, answer }),
        );
      case 'inspect':
        return void inspect(world, request.code, request.cursor, request.detail).then((answer) =>
          channel.send({ type: 'reply', id: request.id, answer: answer ?? null }),
        );
      case 'input':
        return stdin.answer(request.id, request);
      case 'comm': {
        const { type, cell, sizes, ...message } = request;
        // Copies, so that each lies in memory of its own: a view of any element size can be made of it.
        const buffers = splitBuffers(payload, sizes).map((buffer) => new Uint8Array(buffer));
        return inbox.take({ cell, message: { ...message, buffers } });
      }
      default:
        request satisfies never;
    }
  });
  warmUp();
  channel.send({ type: 'ready' });
  warmUpSoon(() => runner.running !== undefined);
}

async function loadByName(parts: SessionParts, runner: CellRunner, name: string): Promise<void> {
  const ambient = parts.ambients.find((row) => row.name === name);
  if (ambient) await runner.loadAmbient(ambient);
}
