// A session for tests: cells in, all that they show and how they end out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { SessionClient } from '../../src/session/client.ts';
import type { CellId, CellOutput, CellRequest, CellResult, InputRequest } from '../../src/session/types.ts';

/** A cell's whole run. */
export interface Ran {
  readonly cell: CellId;
  /** Outputs so far; those that come after the cell's end are added too. */
  readonly outputs: CellOutput[];
  readonly result: CellResult;
  readonly stdout: string;
  readonly stderr: string;
  /** `text/plain` of the cell's value. */
  readonly value: string | undefined;
}

export class TestSession {
  readonly folder = mkdtempSync(join(tmpdir(), 'tensorcell-session-'));
  readonly log: string[] = [];
  readonly client: SessionClient;
  /** Answers `prompt()`. */
  answer: (request: InputRequest) => Promise<string> = async () => {
    throw new Error('nobody answers');
  };
  #outputs = new Map<CellId, CellOutput[]>();
  #waiting: { cell: CellId; wanted: (outputs: readonly CellOutput[]) => boolean; resolve: () => void }[] = [];
  #cells = 0;

  constructor() {
    this.client = new SessionClient({
      folder: this.folder,
      events: {
        output: (cell, output) => {
          this.outputsOf(cell).push(output);
          for (const wait of this.#waiting) if (wait.cell === cell && wait.wanted(this.outputsOf(cell))) wait.resolve();
        },
        input: (_cell, request) => this.answer(request),
        log: (line) => this.log.push(line),
      },
    });
    after(() => this.close());
  }

  /** Id of the cell that runs next. */
  get next(): CellId {
    return this.#cells + 1;
  }

  outputsOf(cell: CellId): CellOutput[] {
    let outputs = this.#outputs.get(cell);
    if (!outputs) {
      outputs = [];
      this.#outputs.set(cell, outputs);
    }
    return outputs;
  }

  async run(code: string, options: Partial<CellRequest> = {}): Promise<Ran> {
    const cell = ++this.#cells;
    const defaults = { silent: false, storeHistory: true, userExpressions: {}, allowStdin: false };
    const result = await this.client.execute({ ...defaults, cell, code, count: cell, ...options });
    const outputs = this.outputsOf(cell);
    const value = outputs.find((output) => output.type === 'result');
    return {
      cell,
      outputs,
      result,
      stdout: text(outputs, 'stdout'),
      stderr: text(outputs, 'stderr'),
      value: value?.type === 'result' ? value.data['text/plain'] : undefined,
    };
  }

  /** Resolves when the outputs of a cell are as wanted; they may come after its end. */
  until(cell: CellId, wanted: (outputs: readonly CellOutput[]) => boolean): Promise<void> {
    if (wanted(this.outputsOf(cell))) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ cell, wanted, resolve }));
  }

  /** Resolves when a cell has printed a text. */
  printed(cell: CellId, wanted: string): Promise<void> {
    return this.until(cell, (outputs) => text(outputs, 'stdout').includes(wanted));
  }

  async close(): Promise<void> {
    await this.client.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All that was printed to one stream. */
export function text(outputs: readonly CellOutput[], name: 'stdout' | 'stderr'): string {
  return outputs.map((output) => (output.type === 'stream' && output.name === name ? output.text : '')).join('');
}

/** The error that a cell ended with, as `Name: message`. */
export function errorOf({ result }: Ran): string | undefined {
  return result.status === 'error' ? `${result.error.name}: ${result.error.message}` : undefined;
}
