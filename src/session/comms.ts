// Comms as a cell uses them: channels between cells and clients, opened from either side by the name of a target. Who is open and who
// listens; how a message travels and when a handler runs is not known here.
import type { CommMessage } from './types.ts';

type Json = CommMessage['data'];

/** What came with a comm's opening, a message or its close. */
export interface CommReceived {
  readonly data: Json;
  readonly metadata: Json;
  /** Each begins its own `ArrayBuffer`: `new Float32Array(buffer.buffer)` works. */
  readonly buffers: readonly Uint8Array<ArrayBuffer>[];
}

export interface CommOptions {
  /** Bytes sent as they are, beside the data. */
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
  readonly metadata?: Json;
}

/** An open channel to a client. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  readonly closed: boolean;
  /** Sends a message; `data` is an object that JSON can carry. Throws an `Error` when the comm is closed. */
  send(data?: Json, options?: CommOptions): void;
  /** Closes the comm and tells the other side; a closed one stays so. */
  close(data?: Json, options?: CommOptions): void;
  /** Sets what takes the messages to come, in place of what did. */
  onMessage(handler: (received: CommReceived) => unknown): void;
  /** Sets what is told when the other side closes the comm. */
  onClose(handler: (received: CommReceived) => unknown): void;
}

/** Takes the comms that clients open under a name, with what the opening brought. A throw closes the comm. */
export type CommHandler = (comm: Comm, opening: CommReceived) => unknown;

/** The session's pipe. */
export interface CommLine {
  send(message: CommMessage): void;
  /** A name is taken that was not. */
  registered(): void;
}

const targets = new Map<string, CommHandler>();
const open = new Map<string, SessionComm>();
let line: CommLine | undefined;
let opened = 0;

class SessionComm implements Comm {
  readonly id: string;
  readonly target: string;
  #onMessage: ((received: CommReceived) => unknown) | undefined;
  #onClose: ((received: CommReceived) => unknown) | undefined;

  constructor(id: string, target: string) {
    this.id = id;
    this.target = target;
  }

  get closed(): boolean {
    return open.get(this.id) !== this;
  }

  send(data?: Json, options?: CommOptions): void {
    if (this.closed) throw new Error(`comm.send: the comm of target ${JSON.stringify(this.target)} is closed`);
    send({ kind: 'message', id: this.id }, data, options);
  }

  close(data?: Json, options?: CommOptions): void {
    if (this.closed) return;
    send({ kind: 'close', id: this.id }, data, options);
    open.delete(this.id);
  }

  onMessage(handler: (received: CommReceived) => unknown): void {
    this.#onMessage = checkHandler('onMessage', handler);
  }

  onClose(handler: (received: CommReceived) => unknown): void {
    this.#onClose = checkHandler('onClose', handler);
  }

  receive(kind: 'message' | 'close', received: CommReceived): unknown {
    if (kind === 'message') return this.#onMessage?.(received);
    open.delete(this.id);
    return this.#onClose?.(received);
  }
}

/** Channels to the clients of the kernel (widgets, programs that speak Jupyter's protocol). */
export const comm = {
  /** Lets clients open comms under `target`; a handler registered before gives way, its open comms stay. */
  register(target: string, handler: CommHandler): void {
    checkTarget('register', target);
    targets.set(target, checkHandler('register', handler));
    line?.registered();
  },

  /** Opens a comm to the clients. One that knows no such target closes it, which `onClose` tells. */
  open(target: string, data?: Json, options?: CommOptions): Comm {
    checkTarget('open', target);
    const made = new SessionComm(`tensorcell-${process.pid}-${++opened}`, target);
    send({ kind: 'open', id: made.id, target }, data, options);
    open.set(made.id, made);
    return made;
  },
};

/** Hands messages out, by the session's pipe. Called once, by the session process. */
export function connectComms(to: CommLine): void {
  line = to;
}

export function isRegistered(target: string): boolean {
  return targets.has(target);
}

/** Calls the handler of a client's message and returns what it does; throws what it throws. An unknown target is closed. */
export function receiveComm({ kind, id, target = '', ...rest }: CommMessage): unknown {
  const received = rest as CommReceived;
  if (kind !== 'open') return open.get(id)?.receive(kind, received);
  const handler = targets.get(target);
  if (!handler) return send({ kind: 'close', id }, { reason: `no comm target ${JSON.stringify(target)}` });
  const made = new SessionComm(id, target);
  open.set(id, made);
  try {
    return handler(made, received);
  } catch (error) {
    made.close({ reason: String(error) });
    throw error;
  }
}

type Head = Pick<CommMessage, 'kind' | 'id' | 'target'>;

function send(head: Head, data: Json = {}, { buffers = [], metadata = {} }: CommOptions = {}): void {
  if (!line)
    throw new Error(`comm.${head.kind === 'message' ? 'send' : head.kind}: there are no clients outside a session`);
  line.send({
    ...head,
    data: checkJson('data', data),
    metadata: checkJson('metadata', metadata),
    buffers: buffers.map(bytesOf),
  });
}

function bytesOf(buffer: unknown): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  throw new TypeError(`comm: a buffer must be an ArrayBuffer or a view of one, got ${kindOf(buffer)}`);
}

function checkJson(name: string, value: unknown): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new TypeError(`comm: ${name} must be an object, got ${kindOf(value)}`);
}

function checkTarget(who: string, target: unknown): void {
  if (typeof target !== 'string') throw new TypeError(`comm.${who}: target must be a string, got ${kindOf(target)}`);
}

function checkHandler<Handler>(who: string, handler: Handler): Handler {
  if (typeof handler !== 'function')
    throw new TypeError(`comm.${who}: handler must be a function, got ${kindOf(handler)}`);
  return handler;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}
