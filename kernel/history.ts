// The history as Jupyter asks for it: its three kinds of access, and the shape of its rows.
import type { HistoryStore } from '../src/history/store.ts';
import type { HistoryQuery } from '../src/history/types.ts';
import type { HistoryEntry, HistoryRequest } from './messages.ts';

/** The rows that a client asks for, in the order they ran. */
export async function readHistory(store: HistoryStore, request: HistoryRequest): Promise<HistoryEntry[]> {
  const cells = await store.read(query(request));
  return cells.map(({ session, line, input, output }) => [session, line, request.output ? [input, output] : input]);
}

function query(request: HistoryRequest): HistoryQuery {
  switch (request.hist_access_type) {
    case 'tail':
      return { kind: 'tail', n: request.n };
    case 'range':
      return { kind: 'range', session: request.session, start: request.start, stop: request.stop };
    case 'search':
      return { kind: 'search', pattern: request.pattern, unique: request.unique, n: request.n };
    default:
      return request satisfies never;
  }
}
