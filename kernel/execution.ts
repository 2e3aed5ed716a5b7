// Execute requests: one cell after another through the session, numbered, and those behind a failure aborted.
import type { HistoryStore } from '../src/history/store.ts';
import type { CellId, CellOutput, CellResult, InputRequest, Session } from '../src/session/types.ts';
import type { ExecuteReply, ExecuteRequest, UserExpression } from './messages.ts';
import { bundle, CellPlaces, errorContent, publishOutput } from './outputs.ts';
import type { Publisher } from './publisher.ts';
import type { Questions } from './questions.ts';
import type { Message } from './wire.ts';

export interface ExecutionParts {
  readonly session: Session;
  readonly publisher: Publisher;
  readonly history: HistoryStore;
  readonly questions: Questions;
}

export class Execution {
  readonly #parts: ExecutionParts;
  readonly #places = new CellPlaces();
  #count = 0;
  #cells: CellId = 0;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
  }

  /** Runs one cell; the caller sees to it that no other runs. */
  async run(request: ExecuteRequest, message: Message): Promise<ExecuteReply> {
    const { session, publisher, history } = this.#parts;
    if (request.store_history) this.#count++;
    // A cell that leaves no trace shows the number that the next one will have, as in IPython; a silent one the last.
    const count = request.store_history || request.silent ? this.#count : this.#count + 1;
    const cell = ++this.#cells;
    const { identities, headerFrame: parent } = message;
    this.#places.add({ cell, parent, identities, count, allowStdin: request.allow_stdin });
    if (!request.silent) {
      publisher.publish('execute_input', { code: request.code, execution_count: count }, parent);
    }
    if (request.store_history) history.add(count, request.code);
    const result = await session.execute({
      cell,
      count,
      code: request.code,
      silent: request.silent,
      storeHistory: request.store_history,
      userExpressions: request.user_expressions,
      allowStdin: request.allow_stdin,
    });
    if (result.status === 'error') publisher.publish('error', errorContent(result.error), parent);
    return executeReply(result, count);
  }

  /** A place for what the handler of a message shows that is no cell. */
  place({ identities, headerFrame: parent }: Message): CellId {
    const cell = ++this.#cells;
    this.#places.add({ cell, parent, identities, count: this.#count, allowStdin: false }, { last: false });
    return cell;
  }

  /** The bytes of the header that a cell's messages name as their parent. */
  parent(cell: CellId): Buffer | undefined {
    return this.#places.get(cell)?.parent;
  }

  /** Publishes what a cell shows, whenever it comes. */
  output(cell: CellId, output: CellOutput): void {
    const place = this.#places.get(cell);
    if (!place) return;
    if (output.type === 'result') this.#parts.history.addOutput(place.count, output.data['text/plain']);
    publishOutput(this.#parts.publisher, output, place);
  }

  /** Asks the person in front of the client that ran the cell. */
  input(cell: CellId, request: InputRequest): Promise<string> {
    const place = this.#places.get(cell);
    if (!place?.allowStdin)
      return Promise.reject(new Error('the client that ran this cell takes no input (allow_stdin is false)'));
    return this.#parts.questions.ask(place, { prompt: request.prompt, password: request.password });
  }
}

function executeReply(result: CellResult, count: number): ExecuteReply {
  if (result.status === 'error') return { status: 'error', ...errorContent(result.error), execution_count: count };
  const user_expressions: Record<string, UserExpression> = {};
  for (const [name, value] of Object.entries(result.userExpressions)) {
    user_expressions[name] =
      value.status === 'ok' ? { status: 'ok', ...bundle(value) } : { status: 'error', ...errorContent(value.error) };
  }
  const { nextInput: text } = result;
  const payload = text === undefined ? [] : [{ source: 'set_next_input', text, replace: true }];
  return { status: 'ok', execution_count: count, user_expressions, payload };
}
