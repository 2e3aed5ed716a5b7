// The texts of the cells and local modules that this process has run, to tell where a stack's frames come from.
// One for the process, as is the hook that makes stacks.

import type { NameRules } from '../rewrite/names.ts';
import { type Rewritten, rewrite } from '../rewrite/rewrite.ts';
import { originalPlace } from './source-map.ts';
import { offsetOf, type Place, placeOf } from './syntax-error.ts';

/** A place in a text that a person wrote. */
export interface Origin extends Place {
  /** Of a cell: where it stands in the JavaScript that the cell became, and that. */
  readonly cell?: { readonly offset: number; readonly rewritten: Rewritten };
  /** `In[3]` for a cell, a path for a module. */
  readonly label: string;
  /** The whole text. */
  readonly code: string;
}

/** A cell that has been compiled. */
export interface CellSource {
  /** What errors call it, such as `In[3]`. */
  readonly label: string;
  readonly code: string;
  /** The text that people see: `code` may be a part of it, at its own place, and blanks. */
  readonly shown: string;
  readonly rules: NameRules;
}

/** A local module's text; `mappings` lead back to it. */
export interface ModuleSource {
  readonly label: string;
  readonly code: string;
  readonly mappings: string;
}

/** Texts kept for cells, in UTF-16 units: enough for any notebook, and an end for a program that makes cells for days. */
const BUDGET = 16_000_000;
/** Rewritten cells kept: the frames of one stack are of a few cells. */
const KEPT = 8;

class Sources {
  readonly #cells = new Map<string, CellSource>();
  readonly #modules = new Map<string, ModuleSource>();
  readonly #rewritten = new Map<string, Rewritten>();
  #size = 0;
  #more: () => Iterable<[url: string, source: ModuleSource]> = () => [];

  /**
   * Remembers a cell under the file name that its script has. Only the text is kept: the way back is made again from it, since
   * a rewrite gives the same code for the same text and rules.
   */
  addCell(file: string, source: CellSource): void {
    this.#cells.set(file, source);
    this.#size += source.code.length;
    for (const [oldest, cell] of this.#cells) {
      if (this.#size <= BUDGET || oldest === file) break;
      this.#cells.delete(oldest);
      this.#size -= cell.code.length;
    }
  }

  hasCell(file: string): boolean {
    return this.#cells.has(file);
  }

  /** Remembers a transformed module under its URL or path. */
  addModule(file: string, source: ModuleSource): void {
    this.#modules.set(file, source);
  }

  /** Called for modules that were loaded elsewhere, whenever a place is looked for. */
  pull(more: () => Iterable<[url: string, source: ModuleSource]>): void {
    this.#more = more;
  }

  /** The place that the person wrote for a place in running code; `undefined` for code that is not theirs. */
  find(file: string, place: Place): Origin | undefined {
    const cell = this.#cells.get(file);
    if (cell !== undefined) {
      const rewritten = this.#rewrite(file, cell);
      const offset = rewritten.edited.original(offsetOf(rewritten.code, place));
      return originOf(cell, rewritten, offset);
    }
    for (const [url, source] of this.#more()) this.#modules.set(url, source);
    const module = this.#modules.get(file);
    if (module === undefined) return undefined;
    return { label: module.label, code: module.code, ...originalPlace(module.mappings, place) };
  }

  /** The place in a cell of an offset into its JavaScript, the stage between its text and what runs. */
  origin(file: string, offset: number): Origin | undefined {
    const cell = this.#cells.get(file);
    if (cell === undefined) return undefined;
    return originOf(cell, this.#rewrite(file, cell), offset);
  }

  #rewrite(file: string, { code, rules }: CellSource): Rewritten {
    let found = this.#rewritten.get(file);
    if (found === undefined) {
      found = rewrite(code, rules, true);
      this.#rewritten.set(file, found);
      for (const oldest of this.#rewritten.keys()) {
        if (this.#rewritten.size <= KEPT) break;
        this.#rewritten.delete(oldest);
      }
    }
    return found;
  }
}

export const sources = new Sources();

function originOf({ label, shown }: CellSource, rewritten: Rewritten, offset: number): Origin {
  const place = originalPlace(rewritten.mappings!, placeOf(rewritten.javascript, offset));
  return { label, code: shown, ...place, cell: { offset, rewritten } };
}
