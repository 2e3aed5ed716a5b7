// The front's end of a session: runs cells one after another in a session process, and starts a new process when one has died.
import type { Display } from '../display/bundle.ts';
import { deathError, givenUp, reason, sessionError, stillRunning } from './death.ts';
import { joinBuffers, splitBuffers, textOf } from './frames.ts';
import { LastSeen } from './last-seen.ts';
import type { InputAnswer, SessionEvent } from './messages.ts';
import { type Answer, completeNames, Questions } from './questions.ts';
import { RecentLog } from './recent-log.ts';
import { type Death, type ProcessEvents, SessionProcess } from './session-process.ts';
import type { Spawned } from './spawn.ts';
import type { CellId, CellRequest, CellResult, CommMessage, Completion, Session, SessionEvents } from './types.ts';

/** Work of an interrupted cell that goes on after this time, in ms, is told of; then another interrupt ends the session. */
const INTERRUPT_PATIENCE = 2000;

/** V8's and Node's last words belong in the log: the cell's error says the same in a sentence. */
const CRASH_REPORT = /<--- Last few GCs --->|FATAL ERROR:|----- Native stack trace -----/;

export interface SessionOptions {
  /** Folder of the notebook: working directory of cells, and where imports are looked for. */
  readonly folder: string;
  readonly events: SessionEvents;
  /** The first process, where it has been started in the folder already. */
  readonly started?: Spawned | undefined;
}

interface Running {
  readonly request: CellRequest;
  readonly settle: (result: CellResult) => void;
  interruptedAt: number | undefined;
  /** The native call that the interrupt can't end. */
  blockedBy?: string;
  /** It has been said that the cell goes on: the next interrupt ends the session. */
  told?: boolean;
  /** A second interrupt has ended the session. */
  givenUp?: boolean;
}

export class SessionClient implements Session {
  #options: SessionOptions;
  /** Absent after a process that could not start, until a cell asks for one. */
  #process: SessionProcess | undefined;
  #running: Running | undefined;
  /** The cell that text of descriptors 1 and 2 belongs to. */
  #lastCell: CellId = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #questions = new Questions();
  /** Comm messages that the session has not handled yet, oldest first. */
  #handling = new Map<CellId, () => void>();
  #names: readonly string[] = [];
  #seen = new LastSeen();
  /** A cell that ran `%restart` has ended so, once the fresh session is there. */
  #restartResult: CellResult | undefined;
  #restartAsked = false;
  #restarting: (() => void)[] = [];
  /** Told in the next cell: how the session ended while none ran. */
  #obituary: string | undefined;
  #crashReport = false;
  #recentLog = new RecentLog();
  #closed: (() => void) | undefined;
  /** The present process was given a cell. */
  #used = false;
  #stillRunning: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#process = this.#start(options.started);
  }

  /** Id of the present session process. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  execute(request: CellRequest): Promise<CellResult> {
    const result = this.#queue.then(() => this.#run(request));
    this.#queue = result;
    return result;
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    const answer = await this.#ask((id) => ({ type: 'complete', id, code, cursor }));
    return (answer as Completion | null) ?? completeNames(this.#names, code, cursor);
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<Display | undefined> {
    const answer = await this.#ask((id) => ({ type: 'inspect', id, code, cursor, detail }));
    if (answer === null && this.#running) return this.#seen.inspect(code, cursor);
    return (answer as Display | null) ?? undefined;
  }

  comm(cell: CellId, { buffers, ...message }: CommMessage): Promise<void> {
    return new Promise((resolve) => {
      this.#handling.set(cell, resolve);
      const { sizes, payload } = joinBuffers(buffers);
      this.#live().send({ type: 'comm', cell, sizes, ...message }, payload);
    });
  }

  interrupt(): void {
    const running = this.#running;
    if (!running) {
      // With none, what an earlier cell has left in a loop is ended.
      const [cell = 0] = this.#handling.keys();
      return this.#process?.control({ type: 'interrupt', cell });
    }
    if (running.told) {
      running.givenUp = true;
      this.#process?.kill();
      return;
    }
    running.interruptedAt ??= Date.now();
    this.#process?.resume();
    this.#process?.control({ type: 'interrupt', cell: running.request.cell });
    clearTimeout(this.#stillRunning);
    const left = running.interruptedAt + INTERRUPT_PATIENCE - Date.now();
    this.#stillRunning = setTimeout(() => this.#sayStillRunning(running), left);
    this.#stillRunning.unref();
  }

  restart(): Promise<void> {
    return new Promise((resolve) => {
      this.#restarting.push(resolve);
      this.#live().kill();
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed = resolve;
      if (this.#process) this.#process.kill();
      else resolve();
    });
  }

  #live(): SessionProcess {
    this.#process ??= this.#start();
    return this.#process;
  }

  #start(started?: Spawned): SessionProcess {
    this.#used = false;
    const events: ProcessEvents = {
      event: (event, payload) => this.#take(event, payload),
      report: ({ cell, call = 'a native call' }) => {
        if (this.#running?.request.cell === cell) this.#running.blockedBy = call;
      },
      native: (name, text) => this.#native(name, text),
      noise: (line) => this.#log(line),
      ended: (death) => this.#ended(death),
      ready: () => (this.#running?.interruptedAt === undefined ? this.#options.events.ready?.() : undefined),
    };
    return new SessionProcess(this.#options.folder, events, started);
  }

  #run(request: CellRequest): Promise<CellResult> {
    return new Promise((resolve) => {
      this.#running = { request, settle: resolve, interruptedAt: undefined };
      this.#lastCell = request.cell;
      this.#send(request);
    });
  }

  #send(request: CellRequest): void {
    if (this.#obituary) {
      this.#output(request.cell, { type: 'stream', name: 'stdout', text: `${this.#obituary}\n` });
      this.#obituary = undefined;
    }
    this.#live().send({ type: 'execute', ...request });
    this.#used = true;
  }

  #take(event: SessionEvent, payload: Buffer): void {
    switch (event.type) {
      case 'stream':
        // Prints that an interrupted cell still had on their way are of no use to the person who stopped it.
        if (this.#running?.interruptedAt !== undefined && event.cell === this.#running.request.cell) return;
        return this.#output(event.cell, { type: 'stream', name: event.name, text: textOf(payload) });
      case 'output':
        return this.#output(event.cell, event.output);
      case 'input':
        return this.#askPerson(event);
      case 'reply':
        return this.#questions.answer(event.id, event.answer);
      case 'done':
        if (event.names) {
          this.#names = event.names;
          this.#options.events.names?.(event.names);
        }
        if (event.cell !== this.#running?.request.cell) return;
        if (!this.#restartAsked) return this.#settle(event.result);
        this.#restartAsked = false;
        this.#restartResult = event.result;
        return void this.restart();
      case 'comm': {
        const { type, cell, sizes, ...message } = event;
        return this.#options.events.comm?.(cell, { ...message, buffers: splitBuffers(payload, sizes) });
      }
      case 'handled':
        this.#handling.get(event.cell)?.();
        this.#handling.delete(event.cell);
        return;
      case 'restart':
        this.#restartAsked = true;
        return;
      case 'log':
        return this.#log(event.line);
      case 'seen':
        return this.#seen.take(event.values);
      case 'check':
        return this.#options.events.check?.(event.cell, event.mode);
      case 'show_log':
        return this.#output(event.cell, { type: 'stream', name: 'stdout', text: this.#recentLog.text() });
      case 'ready':
      case 'marker':
        return;
      default:
        event satisfies never;
    }
  }

  #askPerson({ cell, request, id }: SessionEvent & { readonly type: 'input' }): void {
    const asker = this.#process;
    const answer = (answer: InputAnswer) => {
      if (this.#process !== asker) return;
      // The interrupt ends its wait; an answer that overtakes it must not be the cell's error.
      if (this.#running?.interruptedAt !== undefined) return;
      if (id === undefined) asker?.control({ type: 'input', ...answer });
      else asker?.send({ type: 'input', id, ...answer });
    };
    this.#options.events.input(cell, request).then(
      (text) => answer({ text }),
      (error: unknown) => answer({ failed: String((error as Error)?.message ?? error) }),
    );
  }

  #native(name: 'stdout' | 'stderr', text: string): void {
    if (name === 'stderr' && CRASH_REPORT.test(text)) this.#crashReport = true;
    if (this.#crashReport && name === 'stderr') return this.#log(text.trimEnd());
    this.#output(this.#lastCell, { type: 'stream', name, text });
  }

  #log(line: string): void {
    this.#recentLog.add(line);
    this.#options.events.log(line);
  }

  #output(...[cell, output]: Parameters<SessionEvents['output']>): void {
    this.#options.events.output(cell, output);
  }

  #settle(result: CellResult): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    clearTimeout(this.#stillRunning);
    running.settle(result);
  }

  #ended(death: Death): void {
    this.#crashReport = false;
    this.#names = [];
    this.#seen.clear();
    this.#questions.giveUp();
    this.#options.events.gone?.();
    for (const handled of this.#handling.values()) handled();
    this.#handling.clear();
    const wanted = this.#restarting.splice(0);
    this.#process = undefined;
    if (this.#closed) {
      this.#settle({ status: 'error', error: sessionError('SessionClosed', 'The session was closed.') });
      return this.#closed();
    }
    // One that ended before it was given a cell would do so again and again: the next is started when a cell asks for it.
    if (!death.early && (this.#used || wanted.length > 0)) this.#live();
    if (wanted.length > 0) {
      const error = sessionError('SessionRestarted', 'The session was restarted; its variables are gone.');
      this.#settle(this.#restartResult ?? { status: 'error', error });
      this.#restartResult = undefined;
      for (const resolve of wanted) resolve();
      return;
    }
    this.#log(`session: ${reason(death)}`);
    const running = this.#running;
    const unread = death.unread === 'execute' && !death.early && running?.interruptedAt === undefined;
    if (running && !unread)
      return this.#settle({ status: 'error', error: running.givenUp ? givenUp() : deathError(death) });
    this.#obituary = `${reason(death)} Its variables are gone; this is a fresh session.`;
    // Sent in the moment between the death and the news of it: nothing of the cell has run.
    if (running) this.#send(running.request);
  }

  /** Puts a question to the session. `null` when it is busy for too long, or dies. */
  #ask(request: (id: number) => Parameters<SessionProcess['send']>[0]): Promise<Answer> {
    return this.#questions.ask((id) => this.#live().send(request(id)), this.#running !== undefined);
  }

  #sayStillRunning(running: Running): void {
    if (this.#running !== running) return;
    running.told = true;
    const text = stillRunning((Date.now() - running.interruptedAt!) / 1000, running.blockedBy);
    this.#output(running.request.cell, { type: 'stream', name: 'stdout', text });
  }
}
