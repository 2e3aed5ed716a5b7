// A request's content as it came → the typed request, with the spec's defaults; or an error that says what must hold and what came.
import { kindOf } from './kind.ts';
import type { Call, Calls, CommData, CommOpen, HistoryRequest, Json, Notice, Notices } from './messages.ts';

/** A request with a field of the wrong type; its message is the reply's `evalue`. */
export class RequestError extends TypeError {
  override readonly name = 'RequestError';
}

interface Kinds {
  string: string;
  boolean: boolean;
  number: number;
  object: Json;
}

/** The field, or the default where it is left out or null. Without a default the field must be there. */
function field<K extends keyof Kinds>(content: Json, name: string, kind: K, fallback?: Kinds[K]): Kinds[K] {
  const value = content[name];
  if ((value === undefined || value === null) && fallback !== undefined) return fallback;
  if (typeof value !== kind || value === null || Array.isArray(value))
    throw new RequestError(`${name} must be ${kind === 'object' ? 'an' : 'a'} ${kind}, got ${kindOf(value)}`);
  return value as Kinds[K];
}

function whole(content: Json, name: string, fallback?: number): number {
  const value = field(content, name, 'number', fallback);
  if (!Number.isSafeInteger(value)) throw new RequestError(`${name} must be a whole number, got ${value}`);
  return value;
}

function orNull(content: Json, name: string): number | null {
  return content[name] === undefined || content[name] === null ? null : whole(content, name);
}

function expressions(content: Json): Record<string, string> {
  const given = field(content, 'user_expressions', 'object', {});
  for (const [name, expression] of Object.entries(given))
    if (typeof expression !== 'string')
      throw new RequestError(`user_expressions.${name} must be a string, got ${kindOf(expression)}`);
  return given as Record<string, string>;
}

function history(content: Json): HistoryRequest {
  const flags = { output: field(content, 'output', 'boolean', false), raw: field(content, 'raw', 'boolean', true) };
  const access = field(content, 'hist_access_type', 'string');
  switch (access) {
    case 'tail':
      return { ...flags, hist_access_type: access, n: whole(content, 'n', 10) };
    case 'range':
      return {
        ...flags,
        hist_access_type: access,
        session: whole(content, 'session', 0),
        start: whole(content, 'start', 1),
        stop: orNull(content, 'stop'),
      };
    case 'search':
      return {
        ...flags,
        hist_access_type: access,
        pattern: field(content, 'pattern', 'string', '*'),
        unique: field(content, 'unique', 'boolean', false),
        n: orNull(content, 'n'),
      };
    default:
      throw new RequestError(`hist_access_type must be tail, range or search, got ${JSON.stringify(access)}`);
  }
}

function commData(content: Json): CommData {
  return { comm_id: field(content, 'comm_id', 'string'), data: field(content, 'data', 'object', {}) };
}

function commOpen(content: Json): CommOpen {
  return { ...commData(content), target_name: field(content, 'target_name', 'string') };
}

const asItIs = (content: Json): Json => content;

/** A reader for every message that a client sends on shell or control. */
export const readers = {
  kernel_info: asItIs,
  execute: (content) => {
    const silent = field(content, 'silent', 'boolean', false);
    return {
      code: field(content, 'code', 'string'),
      silent,
      store_history: !silent && field(content, 'store_history', 'boolean', true),
      user_expressions: expressions(content),
      allow_stdin: field(content, 'allow_stdin', 'boolean', true),
      stop_on_error: field(content, 'stop_on_error', 'boolean', true),
    };
  },
  complete: (content) => {
    const code = field(content, 'code', 'string');
    return { code, cursor_pos: whole(content, 'cursor_pos', code.length) };
  },
  inspect: (content) => {
    const code = field(content, 'code', 'string');
    const detail = whole(content, 'detail_level', 0);
    return { code, cursor_pos: whole(content, 'cursor_pos', code.length), detail_level: detail > 0 ? 1 : 0 };
  },
  is_complete: (content) => ({ code: field(content, 'code', 'string') }),
  history,
  comm_info: (content) => {
    const target = content.target_name;
    return target === undefined || target === null ? {} : { target_name: field(content, 'target_name', 'string') };
  },
  connect: asItIs,
  interrupt: asItIs,
  shutdown: (content) => ({ restart: field(content, 'restart', 'boolean', false) }),
  usage: asItIs,
  debug: asItIs,
  create_subshell: asItIs,
  delete_subshell: asItIs,
  list_subshell: asItIs,
  comm_open: commOpen,
  comm_msg: commData,
  comm_close: commData,
} satisfies { [C in Call]: (content: Json) => Calls[C]['request'] } & {
  [N in Notice]: (content: Json) => Notices[N];
};
