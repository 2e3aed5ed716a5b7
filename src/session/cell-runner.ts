// One cell at a time, from its text to its result.
//
// An interrupt terminates JavaScript uncatchably: no `finally` runs and waiting promise callbacks are dropped. So nothing here awaits
// across a user's code: a run is driven by callbacks, and whoever completes it first (its end, an error, an interrupt) does so once.
import { isDisplayHandle } from '../display/display.ts';
import { render } from '../display/render.ts';
import { CellHistory } from './cell-history.ts';
import { cellError } from './errors/traceback.ts';
import type { Evaluator, PreparedCell } from './evaluate.ts';
import { KeyboardInterrupt } from './interrupt/await-guard.ts';
import type { Ambient, SessionParts } from './parts.ts';
import type { CellId, CellOutput, CellRequest, CellResult, ExpressionResult } from './types.ts';

export interface CellRunnerOptions {
  readonly parts: SessionParts;
  readonly evaluator: Evaluator;
  /** Runs a function as code of the cell, so that what it prints or starts later is known to be the cell's. */
  readonly within: <T>(cell: CellId, run: () => T) => T;
  readonly emit: (cell: CellId, output: CellOutput) => void;
  readonly began: (cell: CellId) => void;
  readonly isInterrupted: (cell: CellId) => boolean;
  /** What is to be waited for before a cell that has come to its last line, or failed, has ended; asked again then. */
  readonly beforeEnd: (cell: CellId, status: CellResult['status']) => Promise<unknown> | undefined;
  /** The code of the cell is over, whatever it was doing. */
  readonly ending: () => void;
  readonly ended: (cell: CellId, result: CellResult) => void;
}

export class CellRunner {
  readonly history = new CellHistory();
  #options: CellRunnerOptions;
  #running: CellRequest | undefined;
  #nextInput: string | undefined;

  constructor(options: CellRunnerOptions) {
    this.#options = options;
  }

  get running(): CellRequest | undefined {
    return this.#running;
  }

  run(request: CellRequest): void {
    this.#running = request;
    this.#nextInput = undefined;
    this.#options.began(request.cell);
    this.#options.parts.cellBegins(`In[${request.count}]`);
    if (request.storeHistory) this.history.input(request.count, request.code);
    // The interrupt was quicker than the cell, which waited for what an earlier one had left running.
    if (this.#options.isInterrupted(request.cell)) return this.interrupt(request.cell);
    this.#evaluate(request, request.code, `In[${request.count}]`, (value) => this.#show(request, value));
  }

  /** A text for the person's cell, sent with the running cell's result. */
  suggest(text: string): void {
    this.#nextInput = text;
  }

  /** Loads what a part of the running cell needs before it can run. */
  load(prepared: PreparedCell): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#load(prepared, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Ends the running cell with `KeyboardInterrupt`, whatever its code goes on to do. */
  interrupt(cell: CellId): void {
    this.fail(cell, new KeyboardInterrupt());
  }

  /** Ends the running cell with an error, at once. */
  fail(cell: CellId, error: Error): void {
    if (this.#running?.cell !== cell) return;
    this.#end(this.#running, { status: 'error', error: cellError(error) });
  }

  /** Calls `done` with the value that `code` gives, promises awaited; a failure ends the request. */
  #evaluate(request: CellRequest, code: string, name: string, done: (value: unknown) => void): void {
    let prepared: PreparedCell;
    try {
      prepared = this.#options.evaluator.prepare(code, name);
    } catch (error) {
      return this.#fail(request, error);
    }
    this.#load(prepared, (error) => {
      if (error !== undefined) return this.#fail(request, error);
      this.#step(request, () => this.#settle(request, prepared.run(), done));
    });
  }

  /** Runs code of the request unless it has ended; a throw ends it. */
  #step(request: CellRequest, run: () => void): void {
    if (this.#running !== request) return;
    this.#options.within(request.cell, () => {
      try {
        run();
      } catch (error) {
        this.#fail(request, error);
      }
    });
  }

  #settle(request: CellRequest, value: unknown, done: (value: unknown) => void): void {
    if (!isThenable(value)) return done(value);
    let settled = false;
    const once = (finish: () => void) => {
      if (settled) return;
      settled = true;
      this.#step(request, finish);
    };
    value.then(
      (result: unknown) => once(() => this.#settle(request, result, done)),
      (error: unknown) => once(() => this.#fail(request, error)),
    );
  }

  /** Loads the ambient names that the cell mentions and no cell has declared, and what its imports need. */
  #load(prepared: PreparedCell, then: (error?: unknown) => void): void {
    const { ambients, beforeModules } = this.#options.parts;
    const missing = ambients.filter(
      ({ name }) => prepared.mentions.has(name) && !this.#options.evaluator.names().has(name),
    );
    const modules = prepared.loadsModules ? beforeModules() : undefined;
    if (missing.length === 0 && !modules) return then();
    Promise.all([modules, ...missing.map((ambient) => this.loadAmbient(ambient))]).then(
      () => then(),
      (error: unknown) => then(error),
    );
  }

  /** Loads an ambient name and declares it for the cells. */
  async loadAmbient(ambient: Ambient): Promise<void> {
    const value = await ambient.load();
    this.#options.evaluator.declare(ambient.name, value);
  }

  #show(request: CellRequest, value: unknown): void {
    if (request.storeHistory && value !== undefined) this.history.output(request.count, value);
    if (request.storeHistory) this.#declareHistory();
    if (request.silent || value === undefined || isDisplayHandle(value))
      return this.#expressions(request, Object.entries(request.userExpressions), {});
    this.#settle(request, render(value, this.#options.parts.formatters), (display) => {
      this.#options.emit(request.cell, { type: 'result', ...(display as Awaited<ReturnType<typeof render>>) });
      this.#expressions(request, Object.entries(request.userExpressions), {});
    });
  }

  #declareHistory(): void {
    const { last, inputs, outputs } = this.history;
    for (const [name, value] of Object.entries({ ...last, In: inputs, Out: outputs })) {
      this.#options.evaluator.declare(name, value);
    }
  }

  /** Evaluates what is left of the user's expressions, one after another; each one's failure is its own result. */
  #expressions(request: CellRequest, left: [string, string][], results: Record<string, ExpressionResult>): void {
    const [next, ...rest] = left;
    if (!next) {
      const nextInput = this.#nextInput;
      return this.#finish(request, {
        status: 'ok',
        userExpressions: results,
        ...(nextInput !== undefined && { nextInput }),
      });
    }
    const [name, code] = next;
    const { evaluator, parts } = this.#options;
    const given = (result: ExpressionResult) => this.#expressions(request, rest, { ...results, [name]: result });
    const failed = (error: unknown) => given({ status: 'error', error: cellError(error) });
    try {
      const value = Promise.resolve(evaluator.prepare(code, `<${name}>`).run());
      value
        .then((settled) => render(settled, parts.formatters))
        .then(
          (display) => this.#step(request, () => given({ status: 'ok', ...display })),
          (error: unknown) => this.#step(request, () => failed(error)),
        );
    } catch (error) {
      failed(error);
    }
  }

  #fail(request: CellRequest, error: unknown): void {
    this.#finish(request, { status: 'error', error: cellError(error) });
  }

  /** Ends the run once its displays are drawn and nothing holds it up; an interrupt need not wait for that. */
  #finish(request: CellRequest, result: CellResult): void {
    if (this.#running !== request) return;
    const held = this.#options.beforeEnd(request.cell, result.status);
    if (held) return void held.then(() => this.#finish(request, result));
    const drawing = this.#options.parts.stillDrawing();
    if (!drawing) return this.#end(request, result);
    const end = () => this.#end(request, result);
    drawing.then(end, end);
  }

  #end(request: CellRequest, result: CellResult): void {
    if (this.#running !== request) return;
    // First of all: it forbids a termination, which from now on would lose the result.
    this.#options.ending();
    this.#running = undefined;
    this.#options.parts.cellEnds(result);
    this.#options.ended(request.cell, result);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
