// One life of a session process, seen from the front: spawned with its pipes, read in order, dead once. Starting a new one after a
// death is the client's business.
import type { ChildProcess } from 'node:child_process';
import type { Duplex, Readable, Writable } from 'node:stream';
import { encodeFrame, type Frame, FrameReader } from './frames.ts';
import { descendants, signalAll } from './interrupt/descendants.ts';
import { type ControlReport, type ControlRequest, FD, type SessionEvent, type SessionRequest } from './messages.ts';
import { NativeLog } from './native-log.ts';
import { NativeOutput } from './native-output.ts';
import { type Spawned, spawnSession } from './spawn.ts';

/** Characters of descriptor 2 kept to tell why a process died. */
const STDERR_TAIL = 4000;
/** Bytes that the process wrote before its death may take this long to be read, in ms, when a child of it keeps a descriptor open. */
const LAST_WORDS = 50;

/** How a session process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to descriptor 2. */
  readonly stderr: string;
  /** It never came as far as running a cell. */
  readonly early: boolean;
  /** The kind of the last request, where it had not been read to its end. One before it may have been. */
  readonly unread: SessionRequest['type'] | undefined;
}

export interface ProcessEvents {
  event(event: SessionEvent, payload: Buffer): void;
  report(report: ControlReport): void;
  /** Text that came over descriptor 1 or 2 and is no noise. */
  native(name: 'stdout' | 'stderr', text: string): void;
  /** A line that a native library logs. */
  noise(line: string): void;
  ended(death: Death): void;
  /** See `SessionEvents.ready`. */
  ready(): Promise<void> | undefined;
}

export class SessionProcess {
  #child: ChildProcess;
  #on: ProcessEvents;
  #frames: Frame<SessionEvent>[] = [];
  /** The marker that must be seen on both descriptors before the next frame is taken. */
  #awaited = 0;
  #seen = { stdout: 0, stderr: 0 };
  #stderr = '';
  #early = true;
  #sent: SessionRequest['type'] | undefined;
  #unread = false;
  #paused = false;

  constructor(folder: string, on: ProcessEvents, { child, nonce }: Spawned = spawnSession(folder)) {
    this.#on = on;
    this.#child = child;
    this.#readNative('stdout', this.#child.stdout!, nonce);
    this.#readNative('stderr', this.#child.stderr!, nonce);
    const reader = new FrameReader<SessionEvent>();
    this.#events.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) this.#frames.push(frame);
      this.#takeFrames();
    });
    const reports = new FrameReader<ControlReport>();
    (this.#pipe(FD.control) as Duplex).on('data', (chunk: Buffer) => {
      for (const { header } of reports.push(chunk)) on.report(header);
    });
    // Writing to a process that has just died fails; its death is told by `ended`.
    for (const pipe of [this.#pipe(FD.control), this.#events]) pipe.on('error', () => undefined);
    // So does reading where it has left something unread (a socket's end then comes as ECONNRESET), though nothing is ever written there.
    this.#requests.on('error', () => {
      this.#unread = true;
    });
    this.#requests.resume();
    this.#child.on('error', (error) => this.#end({ code: null, signal: null, stderr: String(error) }));
    this.#child.on('exit', (code, signal) => {
      void this.#lastWords().then(() => this.#end({ code, signal, stderr: this.#stderr }));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(request: SessionRequest, payload?: Uint8Array): void {
    this.#sent = request.type;
    // A pipe that has seen the end already tells nobody of what it is given.
    if (!this.#requests.writable) this.#unread = true;
    this.#requests.write(encodeFrame(request, payload));
  }

  control(request: ControlRequest): void {
    this.#pipe(FD.control).write(encodeFrame(request));
  }

  /** Reads on although the front takes no output: what comes is about to be dropped. */
  resume(): void {
    this.#paused = false;
    for (const pipe of this.#outputs) pipe.resume();
  }

  /** Ends the process and what it has started, but for what was started detached. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    signalAll([pid, ...descendants(pid)], 'SIGKILL');
  }

  #pipe(fd: number): Writable {
    return this.#child.stdio[fd] as Writable;
  }

  get #requests(): Duplex {
    return this.#child.stdio[FD.requests] as Duplex;
  }

  get #events(): Readable {
    return this.#child.stdio[FD.events] as Readable;
  }

  get #outputs(): Readable[] {
    return [this.#child.stdout!, this.#child.stderr!, this.#events];
  }

  #readNative(name: 'stdout' | 'stderr', pipe: Readable, nonce: string): void {
    const log = new NativeLog({
      show: (text) => this.#on.native(name, text),
      noise: (line) => this.#on.noise(line),
    });
    const output = new NativeOutput(nonce, {
      text: (text) => {
        if (name === 'stderr') this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
        log.push(text);
        this.#holdBack();
      },
      marker: (number) => {
        log.flush();
        this.#seen[name] = number;
        this.#takeFrames();
      },
    });
    pipe.on('data', (chunk: Buffer) => output.push(chunk));
    pipe.on('end', () => {
      output.end();
      log.end();
      this.#seen[name] = Number.POSITIVE_INFINITY;
      this.#takeFrames();
    });
  }

  #takeFrames(): void {
    while (this.#frames.length > 0) {
      if (this.#seen.stdout < this.#awaited || this.#seen.stderr < this.#awaited) return;
      const { header, payload } = this.#frames.shift()!;
      if (header.type === 'marker') {
        this.#awaited = header.number;
      } else {
        if (header.type === 'ready') this.#early = false;
        this.#on.event(header, payload);
      }
    }
    this.#holdBack();
  }

  #holdBack(): void {
    if (this.#paused) return;
    const wait = this.#on.ready();
    if (!wait) return;
    this.#paused = true;
    for (const pipe of this.#outputs) pipe.pause();
    void wait.then(() => {
      if (this.#paused) this.resume();
    });
  }

  /** What was written before the death is read to its end, but no child that outlives the process is waited for. */
  async #lastWords(): Promise<void> {
    this.resume();
    const ended = (pipe: Readable) =>
      new Promise<void>((resolve) => (pipe.readableEnded || pipe.closed ? resolve() : pipe.once('close', resolve)));
    await Promise.all([ended(this.#events), ended(this.#requests)]);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_WORDS);
    });
    await Promise.race([Promise.all([ended(this.#child.stdout!), ended(this.#child.stderr!)]), patience]);
    clearTimeout(timer);
    this.#seen = { stdout: Number.POSITIVE_INFINITY, stderr: Number.POSITIVE_INFINITY };
    this.#takeFrames();
  }

  #end(death: Omit<Death, 'early' | 'unread'>): void {
    for (const pipe of this.#child.stdio) pipe?.destroy();
    this.#on.ended({ ...death, early: this.#early, unread: this.#unread ? this.#sent : undefined });
  }
}
