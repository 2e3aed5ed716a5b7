// The thread that keeps the history: takes orders in their order, several in one transaction, so that a slow disk holds up no cell.
import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from 'node-sqlite3-wasm';
import { addCell, addOutput, beginSession, readCells, type Tables, tablesIn, tablesInMemory } from './database.ts';
import type { HistoryNews, HistoryOrder } from './types.ts';

const { file, warm } = workerData as { readonly file: string | undefined; readonly warm: boolean };
const front = parentPort!;
let tables: Tables = file === undefined ? tablesInMemory() : tablesIn(file);
let session: number | undefined;
let waiting: HistoryOrder[] = [];
let working = false;

async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (let orders = waiting; orders.length > 0; orders = waiting) {
    waiting = [];
    for (const news of await obey(orders)) front.postMessage(news);
  }
  working = false;
}

async function obey(orders: readonly HistoryOrder[]): Promise<HistoryNews[]> {
  try {
    const done = await tables.use((db) => carryOut(db, orders));
    session = done.session;
    return done.news;
  } catch (error) {
    // No file is worth a cell: what was asked goes on in memory.
    tables = tablesInMemory();
    session = undefined;
    const news: HistoryNews = { type: 'disabled', why: (error as Error).message };
    return [news, ...(await obey(orders))];
  }
}

function carryOut(db: Database, orders: readonly HistoryOrder[]): { session: number | undefined; news: HistoryNews[] } {
  let mine = session;
  const news: HistoryNews[] = [];
  for (const order of orders) {
    switch (order.type) {
      case 'add':
        mine ??= beginSession(db);
        addCell(db, mine, order.line, order.input);
        break;
      case 'output':
        if (mine !== undefined) addOutput(db, mine, order.line, order.output);
        break;
      case 'read':
        news.push({ type: 'answer', id: order.id, cells: readCells(db, mine, order.query) });
        break;
      case 'close':
        news.push({ type: 'answer', id: order.id, cells: [] });
        break;
      default:
        order satisfies never;
    }
  }
  return { session: mine, news };
}

// WebAssembly is compiled as it is needed: what a first question would wait for is needed now.
if (warm) {
  void tablesInMemory().use((db) => {
    addCell(db, beginSession(db), 1, '');
    readCells(db, 1, { kind: 'tail', n: 1 });
  });
}

front.on('message', (order: HistoryOrder) => {
  waiting.push(order);
  // After the other orders that are here already.
  setImmediate(() => void work());
});
