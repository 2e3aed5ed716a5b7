// A running kernel as a terminal's session: `tensorcell --existing`. Knows no terminal.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MimeBundle } from '../src/display/bundle.ts';
import type { ServedSession } from '../src/repl/runner.ts';
import type {
  CellError,
  CellId,
  CellOutput,
  CellRequest,
  CellResult,
  Completion,
  SessionEvents,
} from '../src/session/types.ts';
import { KernelClient } from './client.ts';
import { KernelDiedError, KernelStartError, type Published } from './client-types.ts';
import { ConnectionError } from './connection.ts';
import { runtimeFolder } from './jupyter-paths.ts';
import type { BundleContent, ErrorContent, ExecuteReply } from './messages.ts';
import { toCodePoints, toUtf16 } from './positions.ts';

/** A kernel that was found is asked so long whether it is there, ms; one that is named, longer. */
const [PROBE, PATIENCE] = [1500, 10_000];
/** Files of kernels that are tried, the newest first. */
const TRIED = 10;

/** No kernel can be joined; the message is one line. */
export class JoinError extends Error {
  override readonly name = 'JoinError';
}

export interface JoinedKernel {
  readonly file: string;
  /** Cells that the kernel has counted so far. */
  readonly count: number;
  /** Settles when the kernel has ended, with how. */
  readonly died: Promise<Error>;
  /** Its session's face; closing it leaves the kernel as it is. Called once. */
  connect(events: JoinedEvents): ServedSession;
}

export type JoinedEvents = Pick<SessionEvents, 'output' | 'input'> & {
  /** Another client's cell has that number. */
  counted?(count: number): void;
};

/**
 * Joins the kernel of a connection file, given as a path, as a name in Jupyter's folder of them, or as a part of it; without one, the
 * newest TypeScript kernel that answers.
 * @throws {JoinError}
 */
export async function joinKernel(name?: string, folder = runtimeFolder()): Promise<JoinedKernel> {
  if (name !== undefined) {
    const file = existsSync(name) ? name : filesIn(folder).find((path) => basename(path).includes(name));
    if (file === undefined) throw new JoinError(`there is no connection file ${name}, here or in ${folder}`);
    return joined(file, await connectTo(file, PATIENCE));
  }
  for (const file of filesIn(folder).slice(0, TRIED)) {
    const client = await connectTo(file, PROBE).catch((error: Error) => {
      // A file whose kernel has long gone, or that speaks another language.
      if (error instanceof JoinError) return undefined;
      throw error;
    });
    if (client) return joined(file, client);
  }
  throw new JoinError(
    `no TypeScript kernel that runs was found in ${folder}: open a notebook, or name its connection file`,
  );
}

/** Connection files, the newest first. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => /^kernel-.*\.json$/.test(name));
  const dated = files.flatMap((name) => {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? [{ path, at: found.mtimeMs }] : [];
  });
  return dated.toSorted((one, other) => other.at - one.at).map(({ path }) => path);
}

async function connectTo(file: string, patience: number): Promise<KernelClient> {
  let client: KernelClient;
  try {
    client = await KernelClient.connect(file, patience);
  } catch (error) {
    const known = [ConnectionError, KernelStartError, KernelDiedError].some((type) => error instanceof type);
    if (!known) throw error;
    throw new JoinError(error instanceof ConnectionError ? error.message : `no kernel answers at ${file}`, {
      cause: error,
    });
  }
  const { name } = client.info.language_info;
  if (/^(?:typescript|javascript)$/i.test(name)) return client;
  client.close();
  throw new JoinError(`the kernel of ${file} speaks ${name}; this terminal writes TypeScript`);
}

async function joined(file: string, client: KernelClient): Promise<JoinedKernel> {
  const { done } = client.execute('', { silent: true });
  const reply = await done;
  const count = reply.status === 'aborted' ? 0 : reply.execution_count;
  return { file, count, died: client.died, connect: (events) => new JoinedSession(client, events) };
}

class JoinedSession implements ServedSession {
  readonly #client: KernelClient;
  readonly #events: JoinedEvents;
  readonly #subscription: Disposable;
  /** The cells of this terminal by their requests; output may come after a cell's end. */
  readonly #cells = new Map<string, CellId>();
  readonly #running = new Set<string>();

  constructor(client: KernelClient, events: JoinedEvents) {
    this.#client = client;
    this.#events = events;
    this.#subscription = client.subscribe((published) => this.#take(published));
  }

  async execute({ cell, code, silent, storeHistory, allowStdin }: CellRequest): Promise<CellResult> {
    const { id, done } = this.#client.execute(code, {
      silent,
      storeHistory,
      ...(allowStdin && { onInput: (request) => this.#events.input(cell, request) }),
    });
    this.#cells.set(id, cell);
    this.#running.add(id);
    try {
      return resultOf(await done);
    } catch (error) {
      const { name, message } = error as Error;
      return { status: 'error', error: { name, message, traceback: [`${name}: ${message}`] } };
    } finally {
      this.#running.delete(id);
    }
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    const reply = await this.#client.complete(code, toCodePoints(code, cursor));
    if (reply.status === 'error') return { items: [], start: cursor, end: cursor };
    const kinds = new Map(reply.metadata?._jupyter_types_experimental?.map(({ text, type }) => [text, type]));
    return {
      items: reply.matches.map((text) => ({ text, kind: kinds.get(text) ?? '' })),
      start: toUtf16(code, reply.cursor_start),
      end: toUtf16(code, reply.cursor_end),
    };
  }

  async inspect(code: string, cursor: number, detail: 0 | 1) {
    const reply = await this.#client.inspect(code, toCodePoints(code, cursor), detail);
    return reply.status === 'ok' && reply.found ? displayOf(reply) : undefined;
  }

  interrupt(): void {
    // A kernel that is gone is told of by `died`.
    void this.#client.interrupt().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#subscription[Symbol.dispose]();
    this.#client.close();
  }

  #take(published: Published): void {
    const cell = this.#cells.get(published.parentId ?? '');
    if (cell === undefined) {
      if (published.type === 'execute_input') this.#events.counted?.(published.content.execution_count);
      return;
    }
    // A cell's own error comes with its reply.
    const output =
      published.type === 'error' && this.#running.has(published.parentId!) ? undefined : outputOf(published);
    if (output) this.#events.output(cell, output);
  }
}

function outputOf({ type, content }: Published): CellOutput | undefined {
  switch (type) {
    case 'stream':
      return { type: 'stream', name: content.name, text: content.text };
    case 'display_data':
      return { type: 'display', ...idOf(content.transient), ...displayOf(content) };
    case 'update_display_data': {
      const { displayId } = idOf(content.transient);
      return displayId === undefined ? undefined : { type: 'update_display', displayId, ...displayOf(content) };
    }
    case 'execute_result':
      return { type: 'result', ...displayOf(content) };
    case 'clear_output':
      return { type: 'clear_output', wait: content.wait };
    case 'error':
      return { type: 'error', error: errorOf(content) };
    default:
      return undefined;
  }
}

function idOf(transient: { readonly display_id?: string } | undefined): { displayId?: string } {
  return transient?.display_id === undefined ? {} : { displayId: transient.display_id };
}

/** A foreign kernel may leave the text out. */
function displayOf({ data, metadata }: BundleContent): { data: MimeBundle; metadata: BundleContent['metadata'] } {
  const text = data['text/plain'];
  return {
    data: { ...data, 'text/plain': typeof text === 'string' ? text : `[${Object.keys(data).join(', ')}]` },
    metadata,
  };
}

function resultOf(reply: ExecuteReply): CellResult {
  if (reply.status === 'ok') {
    const next = reply.payload?.find(({ source }) => source === 'set_next_input')?.text;
    return { status: 'ok', userExpressions: {}, ...(typeof next === 'string' && { nextInput: next }) };
  }
  const error: CellError =
    reply.status === 'error'
      ? errorOf(reply)
      : { name: 'Aborted', message: 'a cell before it failed', traceback: ['Aborted: a cell before it failed'] };
  return { status: 'error', error };
}

function errorOf({ ename, evalue, traceback }: ErrorContent): CellError {
  return { name: ename, message: evalue, traceback: traceback.length > 0 ? traceback : [`${ename}: ${evalue}`] };
}
