// Cells → verdicts: what is wrong with a cell's types before it runs, and what later cells may use of it. One a notebook.
import { isNpmSpecifier, parseNpmSpecifier } from '../session/packages/npm-specifier.ts';
import { findMagics } from '../session/rewrite/magic-lines.ts';
import { CellIndex, type Draft } from './cell-index.ts';
import { type CellNames, cellNames, isPlain } from './cell-names.ts';
import { type Fault, type Findings, readDiagnostics } from './diagnostics.ts';
import { isUntyped as isUntypedNpm, typesPackage } from './npm-types.ts';
import { serverProgram } from './program.ts';
import { Unanswered, Workspace } from './workspace.ts';

export interface CheckerOptions {
  /** The notebook's folder, absolute. */
  readonly folder: string;
  /** How long a cell waits for its verdict, ms. */
  readonly patience: number;
  /** How long a completion or a hover waits for the server, ms. Default 2000: it starts within that on a machine with nothing else to do. */
  readonly askPatience?: number;
  /** Whether the session has this name: those of cells that were too long to be read are told by it alone. */
  readonly isKnown?: (name: string) => boolean;
  /** Absolute path of the server's program; default: that of the `typescript` package. */
  readonly program?: (() => string) | undefined;
  log(line: string): void;
}

export type Verdict =
  /** `findings` is absent where there was nothing to ask: a cell without names, or one that does not parse. */
  | { readonly status: 'checked'; readonly findings?: Findings; readonly cell: CheckedCell }
  /** `why` is a sentence's end: "the type checker took more than 5 s". */
  | { readonly status: 'unchecked'; readonly why: string; readonly cell: CheckedCell };

/** A cell that has a verdict; `commit` makes its names known, once it runs. */
export interface CheckedCell {
  commit(): void;
}

/** Longer cells are data rather than code, in UTF-16 units; they take seconds to read. */
const LONGEST = 200_000;
/** After so many cells without a verdict in a row nothing is asked any more. */
const GIVE_UP = 3;

export class Checker {
  readonly index = new CellIndex();
  readonly workspace: Workspace;
  readonly askPatience: number;
  readonly #options: CheckerOptions;
  /** Why nothing is asked any more. */
  #off: string | undefined;
  #silences = 0;
  /** Packages without types, and `npm:` imports that may be without. */
  readonly #untyped = new Set<string>();
  readonly #hinted = new Set<string>();
  #problemTold = false;

  constructor(options: CheckerOptions) {
    this.#options = options;
    const { folder, log, program = serverProgram, askPatience = 2000 } = options;
    this.askPatience = askPatience;
    this.workspace = new Workspace({ folder, index: this.index, program, log });
  }

  /** Takes the server up again after it was given up. */
  retry(): void {
    this.#off = undefined;
    this.#silences = 0;
  }

  /** Never rejects. */
  async check(code: string): Promise<Verdict> {
    const read = this.read(code);
    if ('why' in read) return { status: 'unchecked', why: read.why, cell: read.cell };
    const { draft, cell } = read;
    // What does not parse is the session's to tell.
    if (!draft.names.valid || isPlain(draft.names.plain)) return { status: 'checked', cell };
    const opaque = { commit: () => this.#commit(draft, code, true) };
    if (this.#off !== undefined) return { status: 'unchecked', why: this.#off, cell: opaque };
    try {
      const findings = await this.#diagnose(draft);
      this.#silences = 0;
      return { status: 'checked', findings, cell };
    } catch (error) {
      return { status: 'unchecked', why: this.#silence(error as Error), cell: opaque };
    }
  }

  /** What is wrong with a cell that is being typed; nothing as long as it does not parse. Never rejects. */
  async faults(code: string): Promise<readonly Fault[]> {
    const read = this.read(code);
    if ('why' in read || this.#off !== undefined) return [];
    const { draft } = read;
    if (!draft.names.valid || isPlain(draft.names.plain)) return [];
    try {
      return (await this.#diagnose(draft)).errors;
    } catch (error) {
      this.#options.log(`types: ${(error as Error).message}`);
      return [];
    }
  }

  async #diagnose(draft: Draft): Promise<Findings> {
    const answer = await this.workspace.ask('check', draft, 'textDocument/diagnostic', {}, this.#options.patience);
    this.workspace.readAhead();
    return readDiagnostics(answer, draft, {
      index: this.index,
      ownConfig: this.workspace.project.own,
      isKnown: (name) => this.index.hasGlobal(name) || (this.#options.isKnown?.(name) ?? false),
    });
  }

  /** A cell that runs whatever its types: only its names are read. */
  read(
    code: string,
  ): { readonly draft: Draft; readonly cell: CheckedCell } | { readonly why: string; readonly cell: CheckedCell } {
    if (code.length > LONGEST) {
      const why = `it is longer than ${LONGEST.toLocaleString('en')} characters`;
      return { why, cell: { commit: () => undefined } };
    }
    const draft = this.draft(cellNames(code));
    return { draft, cell: { commit: () => this.#commit(draft, code, false) } };
  }

  /** The module that a cell of these names would be now. */
  draft(names: CellNames): Draft {
    if (names.lang === 'ts') return this.index.draft(names);
    return this.index.draft({ ...names, mentions: new Set([...names.mentions, ...this.workspace.project.factories]) });
  }

  /** Lines to show once: packages without types, a tsconfig.json that can't be read. */
  hints(findings: Findings): string[] {
    for (const name of findings.untyped) this.#untyped.add(name);
    const lines = this.lateHints();
    const { problem } = this.workspace.project;
    if (problem !== undefined && !this.#problemTold) {
      this.#problemTold = true;
      lines.push(`${problem}. Cells are checked with what could be read of it.`);
    }
    return lines;
  }

  /** Of those lines, what is known only once a cell has run: its `npm:` imports are installed by then. */
  lateHints(): string[] {
    const lines: string[] = [];
    for (const name of this.#untyped) {
      const isUntyped = isNpmSpecifier(name) ? isUntypedNpm(name) : true;
      if (isUntyped === undefined || this.#hinted.has(name)) continue;
      this.#hinted.add(name);
      const types = typesPackage(isNpmSpecifier(name) ? parseNpmSpecifier(name).name : name);
      if (isUntyped)
        lines.push(
          `${name} brings no types: what comes from it is any. If there are some, %npm install ${types} adds them.`,
        );
    }
    return lines;
  }

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }

  #commit(draft: Draft, code: string, opaque: boolean): void {
    this.index.commit(draft, { opaque });
    this.workspace.tidy();
    for (const { kind, name, args } of findMagics(code).magics) {
      if (kind !== 'line' || name !== 'reset') continue;
      const names = args.split(/[\s,]+/).filter((word) => word !== '');
      this.index.forget(names.length > 0 ? names : undefined);
    }
    this.workspace.readAhead();
  }

  #silence(error: Error): string {
    const { message } = error;
    if (!(error instanceof Unanswered)) {
      // There is no program for this platform, or it can't be started: nor will it later.
      this.#options.log(`types: ${error.stack}`);
      this.#off = message;
    } else if (++this.#silences >= GIVE_UP)
      this.#off = `${message}, ${GIVE_UP} cells in a row; %check error tries again`;
    return this.#off ?? message;
  }
}
