// The front's end of snapshot.ts: what the names of the cells stood for behind the last one, for a question that the session is too busy for.
import type { Display } from '../display/bundle.ts';
import { nameAt } from './cursor.ts';
import type { Seen } from './snapshot.ts';

export class LastSeen {
  readonly #texts = new Map<string, string>();

  take(values: Seen): void {
    for (const [name, text] of Object.entries(values)) {
      if (text === null) this.#texts.delete(name);
      else this.#texts.set(name, text);
    }
  }

  clear(): void {
    this.#texts.clear();
  }

  /** What is known of the name at a place; of a member nothing is. */
  inspect(code: string, cursor: number): Display | undefined {
    const at = nameAt(code, cursor, true);
    const text = at && !at.member ? this.#texts.get(at.word) : undefined;
    if (!at || text === undefined) return undefined;
    return { data: { 'text/plain': `${at.word}: ${text}\n(before the cell that is running)` }, metadata: {} };
  }
}
