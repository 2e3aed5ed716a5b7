// The kernel: reads the sockets, hands each message to its handler, and brackets that with busy and idle.
import type { Router, XPublisher } from 'zeromq';
import type { HistoryStore } from '../src/history/store.ts';
import type { Completeness, Session, SessionEvents } from '../src/session/types.ts';
import { CellQueue } from './cell-queue.ts';
import { Comms } from './comms.ts';
import type { Connection } from './connection.ts';
import { Execution } from './execution.ts';
import { type Handlers, makeHandlers } from './handlers.ts';
import {
  type Aborted,
  type Call,
  callName,
  type Failed,
  isNotice,
  type Json,
  type Notice,
  replyType,
} from './messages.ts';
import { Publisher } from './publisher.ts';
import { Questions } from './questions.ts';
import { RequestError, readers } from './requests.ts';
import { bindSockets, closeSockets, type Sockets } from './sockets.ts';
import type { Usage } from './usage.ts';
import { warmUpSoon } from './warm-up.ts';
import { type Message, Wire, WireError } from './wire.ts';

export interface KernelOptions {
  readonly connection: Connection;
  /** Called once the ports are bound: clients may already wait. */
  openSession(events: SessionEvents): Session;
  readonly history: HistoryStore;
  /** The parser's verdict on a cell. */
  completeness(code: string): Completeness | Promise<Completeness>;
  /** Takes lines for the kernel's log. */
  log(line: string): void;
}

/** How long the end waits for what is still to be sent to a client that does not read, ms. */
const LAST_WORDS = 1000;
/** How long the end waits for the history's file, ms: on a busy machine its thread may still be starting. */
const LAST_CELLS = 4000;

type Reply = { readonly status: string };

export class Kernel {
  /** Settles when the kernel has ended, its session and its children with it. */
  readonly ended: Promise<void>;
  readonly #options: KernelOptions;
  readonly #sockets: Sockets;
  readonly #wire: Wire;
  readonly #publisher: Publisher;
  readonly #questions: Questions;
  readonly #queue = new CellQueue();
  readonly #session: Session;
  readonly #handlers: Handlers;
  #end: () => void = () => {};
  #ending = false;
  /** The first subscriber has come, or the first request. */
  #started = false;
  #usage: Usage | undefined;

  /** Binds the ports and opens a session. Throws when a port can't be had. */
  static async start(options: KernelOptions): Promise<Kernel> {
    return new Kernel(options, await bindSockets(options.connection));
  }

  private constructor(options: KernelOptions, sockets: Sockets) {
    this.#options = options;
    this.#sockets = sockets;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const { connection, history, completeness, log } = options;
    this.#wire = new Wire(connection.key);
    const publisher = new Publisher(sockets.iopub, this.#wire);
    this.#publisher = publisher;
    const questions = new Questions(sockets.stdin, this.#wire);
    this.#questions = questions;
    const session = options.openSession({
      output: (cell, output) => execution.output(cell, output),
      input: (cell, request) => execution.input(cell, request),
      comm: (cell, message) => comms.publish(cell, message),
      gone: () => comms.closeAll(),
      ready: () => publisher.ready(),
      log,
    });
    this.#session = session;
    const execution = new Execution({ session, publisher, history, questions });
    const queue = this.#queue;
    const comms = new Comms({ session, publisher, execution, log });
    this.#handlers = makeHandlers({
      connection,
      session,
      publisher,
      execution,
      queue,
      history,
      comms,
      usage: () => this.#readUsage(),
      interrupt: () => this.interrupt(),
      completeness,
      log,
    });
    void this.#read(sockets.shell, (message) => this.#take(sockets.shell, message));
    void this.#read(sockets.control, (message) => this.#take(sockets.control, message));
    void this.#read(sockets.stdin, (message) => this.#takeAnswer(message));
    void this.#echo();
    void this.#welcome();
    warmUpSoon();
  }

  /** Ends the running cell and aborts those behind it; with none running, does nothing. */
  interrupt(): void {
    this.#queue.interrupt();
    this.#session.interrupt();
    this.#questions.cancel();
  }

  /** Ends the session and what it started, sends what is left, closes the sockets. */
  async close(): Promise<void> {
    if (this.#ending) return this.ended;
    this.#ending = true;
    await this.#session.close();
    await Promise.all([
      atMost(LAST_WORDS, this.#publisher.flushed()),
      atMost(LAST_CELLS, this.#options.history.close()),
    ]);
    this.#publisher[Symbol.dispose]();
    closeSockets(this.#sockets);
    this.#end();
  }

  /** Decodes what comes through a socket; what is no message of this connection is logged and dropped, here and nowhere else. */
  async #read(socket: Router, take: (message: Message) => void): Promise<void> {
    for await (const frames of this.#messages(socket)) {
      try {
        take(this.#wire.decode(frames));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#options.log(`dropped a message: ${error.message}`);
      }
    }
  }

  /** What comes through a socket until the kernel ends. */
  async *#messages(socket: Router | XPublisher): AsyncGenerator<Buffer[]> {
    try {
      for await (const frames of socket) yield frames;
    } catch (error) {
      // Closing a socket may fail a read that has begun.
      if (!this.#ending) throw error;
    }
  }

  #take(socket: Router, message: Message): void {
    const serve = (answer: () => Promise<Reply | undefined>) => this.#serve(socket, message, answer);
    if (message.header.msg_type !== 'execute_request') return void serve(() => this.#answer(message));
    this.#queue.add({
      message,
      serve: (aborted) =>
        serve(async () => (aborted ? ({ status: 'aborted' } satisfies Aborted) : this.#answer(message))),
    });
  }

  /** Busy, the answer, its reply, idle. */
  async #serve(socket: Router, message: Message, answer: () => Promise<Reply | undefined>): Promise<void> {
    const { identities, headerFrame: parent, header } = message;
    this.#started = true;
    this.#publisher.publish('status', { execution_state: 'busy' }, parent);
    // JupyterLab shows when a cell began by this.
    const metadata = header.msg_type === 'execute_request' ? { started: new Date().toISOString() } : undefined;
    let content: Reply | undefined;
    try {
      content = await answer();
      const type = replyType(header.msg_type);
      if (content) await socket.send(this.#wire.encode({ identities, type, content, parent, metadata }));
    } catch (error) {
      // The socket was closed under the answer: the kernel is ending.
      if (!this.#ending) this.#options.log(`${header.msg_type} was not answered: ${(error as Error).stack}`);
    } finally {
      this.#publisher.publish('status', { execution_state: 'idle' }, parent);
      const running = this.#queue.running;
      // Clients and cullers go by the last status: while a cell runs it must not be another request's idle.
      if (running && running !== message) {
        this.#publisher.publish('status', { execution_state: 'busy' }, running.headerFrame);
      }
      if (header.msg_type === 'shutdown_request' && content?.status === 'ok') void this.close();
    }
  }

  async #answer(message: Message): Promise<Reply | undefined> {
    const type = message.header.msg_type;
    const call = callName(type);
    const name = isNotice(type) ? type : call;
    if (name === undefined || !isHandled(name) || (call !== undefined && isNotice(call))) {
      this.#options.log(`a message of the unknown type ${JSON.stringify(type)}`);
      return call === undefined ? undefined : failed(new RequestError(`this kernel knows no ${type}`));
    }
    try {
      // A reader's result is what the handler of the same name takes; the type system can't follow the name.
      const read = readers[name] as (content: Json) => Json;
      const handle = this.#handlers[name] as (content: Json, message: Message) => Reply | undefined | Promise<Reply>;
      return await handle(read(message.content), message);
    } catch (error) {
      if (!(error instanceof RequestError)) this.#options.log(`${type} failed: ${(error as Error).stack}`);
      // A notice has no reply that could say it.
      else if (call === undefined) this.#options.log(`${type}: ${error.message}`);
      return call === undefined ? undefined : failed(error as Error);
    }
  }

  /** Few clients ask, so a start does not load it. */
  async #readUsage() {
    const { Usage } = await import('./usage.ts');
    this.#usage ??= new Usage();
    return this.#usage.read();
  }

  #takeAnswer(message: Message): void {
    const { msg_type } = message.header;
    if (msg_type !== 'input_reply' || !this.#questions.answer(message))
      this.#options.log(`${msg_type} on stdin answers no question`);
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#messages(this.#sockets.hb)) await this.#sockets.hb.send(frames);
  }

  /**
   * Tells each new subscriber that it is one: from then on it misses nothing. Nobody could hear `starting` when the ports were bound: the
   * first hears it now, unless the kernel has served a request by then.
   */
  async #welcome(): Promise<void> {
    for await (const [frame] of this.#messages(this.#sockets.iopub)) {
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1).toString();
      this.#publisher.publish('iopub_welcome', { subscription }, undefined, { topic: subscription });
      if (!this.#started) this.#publisher.publish('status', { execution_state: 'starting' });
      this.#started = true;
    }
  }
}

function isHandled(name: string): name is Call | Notice {
  return Object.hasOwn(readers, name);
}

function failed({ name, message }: Error): Failed {
  return { status: 'error', ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}

/** Settles with the promise, or without it after `ms`. */
async function atMost(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, enough]);
  clearTimeout(timer);
}
