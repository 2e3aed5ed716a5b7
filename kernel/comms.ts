// Comms between clients and the session: hands each message on to the other side, and knows which comms are open.
import type { CellId, CommMessage, Session } from '../src/session/types.ts';
import type { Execution } from './execution.ts';
import type { CommInfoContent, Notice, Notices } from './messages.ts';
import type { Publisher } from './publisher.ts';
import type { Message } from './wire.ts';

export interface CommsParts {
  readonly session: Session;
  readonly publisher: Publisher;
  readonly execution: Execution;
  /** Lines for the kernel's log. */
  log(line: string): void;
}

const KINDS = { comm_open: 'open', comm_msg: 'message', comm_close: 'close' } as const;
const TYPES = { open: 'comm_open', message: 'comm_msg', close: 'comm_close' } as const;

export class Comms {
  readonly #parts: CommsParts;
  /** Id → target, from a comm's opening until either side closes it. */
  readonly #open = new Map<string, string>();

  constructor(parts: CommsParts) {
    this.#parts = parts;
  }

  /** Hands a client's message to the session; settles once its handler has returned. */
  async take<N extends Notice>(type: N, content: Notices[N], message: Message): Promise<void> {
    const { comm_id: id, data } = content;
    if ((type === 'comm_open') === this.#open.has(id)) {
      this.#parts.log(`${type} for ${id}, which is ${type === 'comm_open' ? 'open already' : 'not open'}`);
      return;
    }
    const target = 'target_name' in content ? content.target_name : undefined;
    this.#note(type, id, target);
    const { metadata, buffers } = message;
    const cell = this.#parts.execution.place(message);
    const opening = target === undefined ? {} : { target };
    await this.#parts.session.comm(cell, { kind: KINDS[type], id, ...opening, data, metadata, buffers });
  }

  /** Publishes a message of the session, under the request whose code sent it. */
  publish(cell: CellId, { kind, id, target, data, metadata, buffers }: CommMessage): void {
    const type = TYPES[kind];
    this.#note(type, id, target);
    const content = target === undefined ? { comm_id: id, data } : { comm_id: id, target_name: target, data };
    const frames = buffers.map((buffer) => Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength));
    const parent = this.#parts.execution.parent(cell);
    this.#parts.publisher.publish(type, content, parent, { metadata, buffers: frames });
  }

  /** Closes all comms: the session that knew them has ended. */
  closeAll(): void {
    for (const comm_id of this.#open.keys()) {
      this.#parts.publisher.publish('comm_close', { comm_id, data: { reason: 'the session has ended' } });
    }
    this.#open.clear();
  }

  /** The open comms, of one target or of all. */
  info(target?: string): CommInfoContent {
    const comms = [...this.#open].filter(([, name]) => target === undefined || name === target);
    return { comms: Object.fromEntries(comms.map(([id, name]) => [id, { target_name: name }])) };
  }

  #note(type: Notice, id: string, target: string | undefined): void {
    if (type === 'comm_close') this.#open.delete(id);
    if (target !== undefined) this.#open.set(id, target);
  }
}
