// Questions of a running cell to the person, over stdin: asked of the client that sent the cell, one at a time.
import { setTimeout as delay } from 'node:timers/promises';
import type { InputRequestContent } from './messages.ts';
import type { Message, Wire } from './wire.ts';

/** The part of the stdin ROUTER that is used; a send to nobody rejects with the code `EHOSTUNREACH`. */
export interface QuestionSocket {
  send(frames: (Buffer | string)[]): Promise<void>;
}

/** A client may connect stdin a moment after shell: tries to reach it, and ms between them. */
const TRIES = 40;
const BETWEEN = 25;

/** The client to ask and the header that the question belongs to. */
export interface Asked {
  readonly identities: readonly Buffer[];
  readonly parent: Buffer;
}

interface Pending {
  readonly asker: Buffer | undefined;
  resolve(text: string): void;
  reject(error: Error): void;
}

export class Questions {
  readonly #socket: QuestionSocket;
  readonly #wire: Wire;
  #pending: Pending | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #cancelled = 0;

  constructor(socket: QuestionSocket, wire: Wire) {
    this.#socket = socket;
    this.#wire = wire;
  }

  /** Asks a client. Rejects when it can't be reached or the cell is interrupted. */
  ask(client: Asked, content: InputRequestContent): Promise<string> {
    const age = this.#cancelled;
    const answer = this.#turn.then(() => {
      if (age !== this.#cancelled) throw new Error('interrupted');
      return this.#ask(client, content);
    });
    // The next question waits for this one whatever becomes of it; the asker sees the failure.
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  /** Takes an input_reply. False when nothing was asked of that client. */
  answer(reply: Message): boolean {
    const pending = this.#pending;
    const sender = reply.identities[0];
    if (!pending || (sender && pending.asker && !sender.equals(pending.asker))) return false;
    const { value } = reply.content;
    this.#pending = undefined;
    if (typeof value === 'string') pending.resolve(value);
    else pending.reject(new TypeError('input_reply: value must be a string'));
    return true;
  }

  /** Gives up the question that waits, and those behind it. */
  cancel(): void {
    this.#cancelled++;
    this.#pending?.reject(new Error('interrupted'));
    this.#pending = undefined;
  }

  async #ask({ identities, parent }: Asked, content: InputRequestContent): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => {
      this.#pending = { asker: identities[0], resolve, reject };
    });
    const frames = this.#wire.encode({ identities, type: 'input_request', content, parent });
    await Promise.race([answer, this.#send(frames)]);
    return answer;
  }

  async #send(frames: (Buffer | string)[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#socket.send(frames);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EHOSTUNREACH' || tries === TRIES) {
          this.#pending = undefined;
          throw new Error('the client that ran this cell takes no input', { cause });
        }
      }
      await delay(BETWEEN);
    }
  }
}
