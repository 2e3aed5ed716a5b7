// The cells that a person typed before: walking through them, the one that what is typed may become, and fuzzy search. Pure.
import { fuzzyScore } from './fuzzy.ts';

export class Recall {
  /** Newest last, each once. */
  #cells: string[] = [];
  /** Where a walk is, and what was typed when it began. */
  #walk: { readonly typed: string; at: number } | undefined;

  /** Cells of earlier sessions, oldest first, go before those of this one. */
  addOlder(cells: readonly string[]): void {
    this.#cells = distinct([...cells, ...this.#cells]);
  }

  add(cell: string): void {
    this.#walk = undefined;
    if (cell.trim() !== '') this.#cells = distinct([...this.#cells, cell]);
  }

  get walking(): boolean {
    return this.#walk !== undefined;
  }

  stop(): void {
    this.#walk = undefined;
  }

  /** The next older (-1) or newer (1) cell that begins as `typed` did when the walk began; what was typed at its newer end. */
  step(direction: -1 | 1, typed: string): string | undefined {
    const walk = this.#walk ?? { typed, at: this.#cells.length };
    for (let at = walk.at + direction; at >= 0 && at < this.#cells.length; at += direction) {
      const cell = this.#cells[at]!;
      if (!cell.startsWith(walk.typed) || cell === walk.typed) continue;
      this.#walk = { typed: walk.typed, at };
      return cell;
    }
    if (direction < 0 || !this.#walk) return undefined;
    this.#walk = undefined;
    return walk.typed;
  }

  /** What follows `typed` in the newest cell that begins so. */
  suggestion(typed: string): string {
    if (typed.trim() === '') return '';
    const found = this.#cells.findLast((cell) => cell.length > typed.length && cell.startsWith(typed));
    return found?.slice(typed.length) ?? '';
  }

  /** The cells that have the letters of `query` in their order, the best first; newest first where there is none. */
  search(query: string): string[] {
    const newest = this.#cells.toReversed();
    if (query.trim() === '') return newest;
    return newest
      .map((cell, age) => ({ cell, age, score: fuzzyScore(query, cell) }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score || one.age - other.age)
      .map(({ cell }) => cell);
  }
}

function distinct(cells: readonly string[]): string[] {
  return [...new Set(cells.toReversed())].reverse();
}
