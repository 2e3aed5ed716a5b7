// What a front asks of a session beside its cells, and how long it waits for the answer.
import type { Display } from '../display/bundle.ts';
import type { Completion } from './types.ts';

/**
 * While a cell runs, a question waits this long for the session, in ms, before the names known so far must do: a person who types in a
 * notebook whose cell is in a loop should not notice, and a cell that awaits turns its event loop more often. A session that has let one
 * question wait so long is not waited for again before it has answered.
 */
const BUSY_PATIENCE = 8;

/** `null`: there was none. */
export type Answer = Completion | Display | null;

export class Questions {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  /** A question was given up, and nothing has been answered since. */
  #silent = false;

  /** Sends a question under a number of its own. `null` comes when a busy session takes too long, or is gone. */
  ask(send: (id: number) => void, busy: boolean): Promise<Answer> {
    return new Promise((resolve) => {
      const id = ++this.#asked;
      if (busy && this.#silent) resolve(null);
      else {
        const timer = busy ? setTimeout(() => this.#giveUp(id), BUSY_PATIENCE) : undefined;
        this.#waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
      }
      // Sent all the same: its answer, however late, tells that the session turns its event loop again.
      send(id);
    });
  }

  answer(id: number, answer: Answer): void {
    this.#silent = false;
    this.#settle(id, answer);
  }

  /** The session is gone: nobody waits any more. */
  giveUp(): void {
    this.#silent = false;
    for (const answer of this.#waiting.values()) answer(null);
    this.#waiting.clear();
  }

  #giveUp(id: number): void {
    this.#silent = true;
    this.#settle(id, null);
  }

  #settle(id: number, answer: Answer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}

/** Completion by names alone, for a session that is in a loop. */
export function completeNames(names: readonly string[], code: string, cursor: number): Completion {
  const word = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, cursor))![0];
  const member = code[cursor - word.length - 1] === '.';
  const items = member ? [] : names.filter((name) => name.startsWith(word));
  return { items: items.map((text) => ({ text, kind: 'instance' })), start: cursor - word.length, end: cursor };
}
