// Checkers and typed sessions for tests, with patience enough for a busy machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { Checker, type CheckerOptions } from '../../src/language/checker.ts';
import { TypedSession, type TypedSessionOptions } from '../../src/language/typed-session.ts';
import { SessionClient } from '../../src/session/client.ts';
import type { CellOutput, CellRequest, CellResult } from '../../src/session/types.ts';

/** How long a test waits for a verdict, ms: only a hang may exceed it. */
export const PATIENCE = 120_000;

/** A fresh folder that goes with the test file. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tensorcell-language-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A checker that goes with the test file. */
export function freshChecker(options: Partial<CheckerOptions> = {}): Checker {
  const folder = options.folder ?? freshFolder();
  const checker = new Checker({ folder, patience: PATIENCE, askPatience: PATIENCE, log: () => undefined, ...options });
  after(() => checker[Symbol.dispose]());
  return checker;
}

/** What is wrong with a cell, as `TS2322 2:7`: number, line, column. It counts as run when nothing is. */
export async function check(checker: Checker, code: string): Promise<string[]> {
  const verdict = await checker.check(code);
  if (verdict.status === 'unchecked') return [verdict.why];
  const errors = verdict.findings?.errors ?? [];
  if (errors.length === 0) verdict.cell.commit();
  return errors.map(({ code: number, start }) => {
    const before = code.slice(0, start).split('\n');
    return `TS${number} ${before.length}:${before.at(-1)!.length + 1}`;
  });
}

/** A session with types: cells in, what they print and how they end out. */
export class TypedRun {
  readonly folder: string;
  readonly session: TypedSession;
  readonly log: string[] = [];
  #outputs: CellOutput[] = [];
  #cells = 0;

  constructor(options: Partial<TypedSessionOptions> = {}) {
    this.folder = options.folder ?? freshFolder();
    const output = (_cell: number, one: CellOutput) => void this.#outputs.push(one);
    const log = (line: string) => void this.log.push(line);
    const session = new SessionClient({
      folder: this.folder,
      events: {
        output,
        input: () => Promise.reject(new Error('nobody answers')),
        gone: () => this.session.gone(),
        names: (names) => this.session.names(names),
        check: (cell, mode) => this.session.check(cell, mode),
        log,
      },
    });
    this.session = new TypedSession({
      session,
      folder: this.folder,
      output,
      log,
      patience: PATIENCE,
      livePatience: PATIENCE,
      mode: 'error',
      ...options,
    });
    after(() => this.session.close());
  }

  async run(code: string, options: Partial<CellRequest> = {}) {
    const cell = ++this.#cells;
    const request = {
      cell,
      count: cell,
      code,
      silent: false,
      storeHistory: true,
      userExpressions: {},
      allowStdin: false,
    };
    this.#outputs = [];
    const result: CellResult = await this.session.execute({ ...request, ...options });
    const printed = (name: string) =>
      this.#outputs.map((one) => (one.type === 'stream' && one.name === name ? plain(one.text) : '')).join('');
    const shown = this.#outputs.find((one) => one.type === 'result');
    return {
      result,
      stdout: printed('stdout'),
      stderr: printed('stderr'),
      value: shown?.type === 'result' ? shown.data['text/plain'] : undefined,
      error: result.status === 'error' ? plain(result.error.traceback.join('\n')) : undefined,
      name: result.status === 'error' ? result.error.name : undefined,
    };
  }
}

/** Without ANSI colours. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
