// What is known of a cell while it is typed: types of what can stand there, of the call around the cursor, errors. Asked a moment after
// the last key; an answer that comes when the text has changed is dropped. Never holds up a key.
import type { Display } from '../display/bundle.ts';
import type { Completion } from '../session/types.ts';

/** A part of the text that is wrong; UTF-16 offsets. */
export interface Fault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** The call around the cursor. */
export interface Signature {
  readonly label: string;
  /** The parameter that the cursor is at, as a part of the label. */
  readonly active: readonly [start: number, end: number] | undefined;
}

/** Whom the editor asks; a session, or a kernel's client, which may know less. */
export interface Adviser {
  complete(code: string, cursor: number): Promise<Completion>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Display | undefined>;
  signature?(code: string, cursor: number): Promise<Signature | undefined>;
  faults?(code: string): Promise<readonly Fault[]>;
}

/** After the last key, ms: what stands at the cursor, and what is wrong with the whole. */
const [SOON, LATER] = [60, 250];
/** How often names are asked for again that came without types. */
const RETRIES = 8;

export interface Advice {
  completion(completion: Completion): void;
  signature(signature: Signature | undefined): void;
  faults(faults: readonly Fault[]): void;
}

export class Assistant {
  readonly #adviser: Adviser;
  readonly #advice: Advice;
  #timers: NodeJS.Timeout[] = [];
  /** Counts the states of the text. */
  #state = 0;

  constructor(adviser: Adviser, advice: Advice) {
    this.#adviser = adviser;
    this.#advice = advice;
  }

  /** The text or the cursor has changed. `typed`: by a letter or a dot, at which names are offered. */
  changed(code: string, cursor: number, typed: boolean): void {
    this.stop();
    if (code.trim() === '') return;
    this.#after(SOON, async (isCurrent) => {
      const before = code.slice(0, cursor);
      const offers =
        typed &&
        /(?:[\p{ID_Continue}$]{2}|[\p{ID_Continue}$)\]'"]\.|^%\w*)$/mu.test(before) &&
        !/(?:^|[^\w.])\d+\.?$/.test(before);
      if (offers) void this.#offer(code, cursor, isCurrent, RETRIES);
      const signature = /[(,]/.test(before) ? await this.#adviser.signature?.(code, cursor) : undefined;
      if (isCurrent()) this.#advice.signature(signature);
    });
    this.#after(LATER, async (isCurrent) => {
      const faults = (await this.#adviser.faults?.(code)) ?? [];
      if (isCurrent()) this.#advice.faults(faults);
    });
  }

  /** Asks at once, for a key. `undefined` when the text has changed meanwhile. */
  async complete(code: string, cursor: number): Promise<Completion | undefined> {
    const state = this.#state;
    const found = await this.#adviser.complete(code, cursor);
    return state === this.#state ? found : undefined;
  }

  async document(code: string, cursor: number): Promise<string | undefined> {
    const state = this.#state;
    const found = await this.#adviser.inspect(code, cursor, 0);
    return state === this.#state ? String(found?.data['text/plain'] ?? 'Nothing is known of this.') : undefined;
  }

  /** What has been asked is of no use any more. */
  stop(): void {
    this.#state++;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  /** Hands on what can stand there; names that come without types, since the server is slow or still starting, are asked for again. */
  async #offer(code: string, cursor: number, isCurrent: () => boolean, retries: number): Promise<void> {
    const found = await this.#adviser.complete(code, cursor);
    if (!isCurrent()) return;
    // A later answer that is empty, from a server that gave up, takes nothing back.
    if (found.items.length > 0 || retries === RETRIES) this.#advice.completion(found);
    if (retries === 0 || found.items.length === 0 || found.items.some(({ signature }) => signature)) return;
    this.#after(LATER, (current) => this.#offer(code, cursor, current, retries - 1));
  }

  #after(ms: number, ask: (isCurrent: () => boolean) => Promise<void>): void {
    const state = this.#state;
    this.#timers.push(setTimeout(() => void ask(() => state === this.#state), ms));
  }
}
