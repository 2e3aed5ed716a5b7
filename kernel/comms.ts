// Comms: channels that a client and the kernel open to each other by the name of a target. Knows who is open and who takes what.
import type { CommData, CommInfoContent, CommOpen, Json } from './messages.ts';

/** What takes the messages of comms that clients open under one name. */
export interface CommTarget {
  /** A client opened a comm. A throw closes it again. */
  open(comm: Comm, data: Json): void;
  message(comm: Comm, data: Json): void;
  close(comm: Comm, data: Json): void;
}

export interface Comm {
  readonly id: string;
  readonly target: string;
}

/** Tells the client that opened a comm that it is closed. */
type Close = (content: CommData) => void;

export class Comms {
  readonly #targets: ReadonlyMap<string, CommTarget>;
  readonly #open = new Map<string, Comm>();

  constructor(targets: ReadonlyMap<string, CommTarget> = new Map()) {
    this.#targets = targets;
  }

  /** Opens a comm; under a name that nobody takes it is closed at once, as the spec asks. */
  open({ comm_id, target_name, data }: CommOpen, close: Close): void {
    const target = this.#targets.get(target_name);
    if (!target) return close({ comm_id, data: { reason: `no comm target ${JSON.stringify(target_name)}` } });
    const comm = { id: comm_id, target: target_name };
    this.#open.set(comm_id, comm);
    try {
      target.open(comm, data);
    } catch (error) {
      this.#open.delete(comm_id);
      close({ comm_id, data: { reason: String(error) } });
    }
  }

  /** Hands a message on. False when no such comm is open. */
  message({ comm_id, data }: CommData): boolean {
    const comm = this.#open.get(comm_id);
    if (comm) this.#targets.get(comm.target)?.message(comm, data);
    return comm !== undefined;
  }

  /** Closes a comm at the client's wish. False when no such comm is open. */
  close({ comm_id, data }: CommData): boolean {
    const comm = this.#open.get(comm_id);
    if (comm) this.#targets.get(comm.target)?.close(comm, data);
    return this.#open.delete(comm_id);
  }

  /** The open comms, of one target or of all. */
  info(target?: string): CommInfoContent {
    const comms = [...this.#open.values()].filter((comm) => target === undefined || comm.target === target);
    return { comms: Object.fromEntries(comms.map(({ id, target }) => [id, { target_name: target }])) };
  }
}
