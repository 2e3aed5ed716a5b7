// The table: what the kernel does for each message a client can send on shell or control.
import type { HistoryStore } from '../src/history/store.ts';
import type { Completeness, Session } from '../src/session/types.ts';
import type { CellQueue } from './cell-queue.ts';
import type { Comms } from './comms.ts';
import type { Connection } from './connection.ts';
import type { Execution } from './execution.ts';
import { readHistory } from './history.ts';
import { kernelInfo } from './info.ts';
import type { Call, Calls, Failed, Json, Notice, Notices, ReplyContent } from './messages.ts';
import { bundle } from './outputs.ts';
import { toCodePoints, toUtf16 } from './positions.ts';
import type { Publisher } from './publisher.ts';
import type { Message } from './wire.ts';

/** What the handlers work with. */
export interface HandlerParts {
  readonly connection: Connection;
  readonly session: Session;
  readonly publisher: Publisher;
  readonly execution: Execution;
  readonly queue: CellQueue;
  readonly history: HistoryStore;
  readonly comms: Comms;
  usage(): Promise<Calls['usage']['reply']>;
  /** Ends the running cell; with none running, does nothing. */
  interrupt(): void;
  completeness(code: string): Completeness | Promise<Completeness>;
  /** Lines for the kernel's log. */
  log(line: string): void;
}

export type Handlers = {
  readonly [C in Call]: (content: Calls[C]['request'], message: Message) => ReplyContent<C> | Promise<ReplyContent<C>>;
} & { readonly [N in Notice]: (content: Notices[N], message: Message) => Promise<void> };

/** A message that is missing here does not compile. */
export function makeHandlers(parts: HandlerParts): Handlers {
  const { session, publisher, comms } = parts;
  return {
    kernel_info: () => kernelInfo(),

    execute: async (request, message) => {
      const reply = await parts.execution.run(request, message);
      await parts.queue.settle(reply.status === 'error' && request.stop_on_error);
      return reply;
    },

    complete: async ({ code, cursor_pos }) => {
      const { items, start, end } = await session.complete(code, toUtf16(code, cursor_pos));
      const [cursor_start, cursor_end] = [toCodePoints(code, start), toCodePoints(code, end)];
      return {
        status: 'ok',
        matches: items.map(({ text }) => text),
        cursor_start,
        cursor_end,
        metadata: {
          _jupyter_types_experimental: items.map(({ text, kind, ...details }) => {
            return { start: cursor_start, end: cursor_end, text, type: kind, ...details };
          }),
        },
      };
    },

    inspect: async ({ code, cursor_pos, detail_level }) => {
      const found = await session.inspect(code, toUtf16(code, cursor_pos), detail_level);
      return found
        ? { status: 'ok', found: true, ...bundle(found) }
        : { status: 'ok', found: false, data: {}, metadata: {} };
    },

    is_complete: ({ code }) => parts.completeness(code),

    history: async (request) => ({ status: 'ok', history: await readHistory(parts.history, request) }),

    comm_info: ({ target_name }) => ({ status: 'ok', ...comms.info(target_name) }),
    comm_open: (content, message) => comms.take('comm_open', content, message),
    comm_msg: (content, message) => comms.take('comm_msg', content, message),
    comm_close: (content, message) => comms.take('comm_close', content, message),

    connect: () => {
      const { shell, iopub, stdin, hb, control } = parts.connection.ports;
      return {
        status: 'ok',
        shell_port: shell,
        iopub_port: iopub,
        stdin_port: stdin,
        hb_port: hb,
        control_port: control,
      };
    },

    interrupt: () => {
      parts.interrupt();
      return { status: 'ok' };
    },

    // The kernel itself ends once this has been answered.
    shutdown: ({ restart }, message) => {
      publisher.publish('shutdown_reply', { status: 'ok', restart }, message.headerFrame);
      return { status: 'ok', restart };
    },

    usage: () => parts.usage(),

    debug: (request) => ({
      ...notSupported('debugging cells is not supported'),
      type: 'response',
      seq: 0,
      request_seq: typeof request.seq === 'number' ? request.seq : 0,
      command: String(request.command ?? ''),
      success: false,
      message: 'debugging cells is not supported',
    }),

    create_subshell: noSubshells,
    delete_subshell: noSubshells,
    list_subshell: noSubshells,
  } satisfies Handlers;
}

// Shell requests are answered beside a running cell anyway, which is what clients want subshells for.
function noSubshells(_request: Json): Failed {
  return notSupported('subshells are not supported');
}

function notSupported(evalue: string): Failed {
  return { status: 'error', ename: 'NotSupportedError', evalue, traceback: [`NotSupportedError: ${evalue}`] };
}
