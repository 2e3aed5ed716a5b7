// The table of cells in SQLite: writes, and the three ways to read. Knows no thread and no front.
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import sqlite, { type Database } from 'node-sqlite3-wasm';
import { fitsGlob } from './glob.ts';
import { locked } from './lock.ts';
import type { HistoryQuery, KeptCell } from './types.ts';

/** Cells kept over all sessions; the oldest go when a session begins. */
const KEPT = 50_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS cells (
    session INTEGER NOT NULL, line INTEGER NOT NULL, input TEXT NOT NULL, output TEXT,
    PRIMARY KEY (session, line)
  ) WITHOUT ROWID;`;

/** Where the tables are: `run` does its work in one transaction and is called again only by a new call. */
export interface Tables {
  use<T>(run: (db: Database) => T): Promise<T>;
}

/** Tables in a file that other processes use too: open only for the milliseconds of a piece of work. */
export function tablesIn(file: string): Tables {
  return {
    async use(run) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      return locked(`${file}-owner`, () => {
        // Only its owner may read what was typed.
        closeSync(openSync(file, 'a', 0o600));
        // The lock of a process that was killed in here; ours says that it is gone.
        rmSync(`${file}.lock`, { recursive: true, force: true });
        const db = new sqlite.Database(file);
        try {
          // A write-ahead log survives a process that is killed in the middle; without shared memory it needs an exclusive lock.
          db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
          return transaction(db, run);
        } finally {
          db.close();
        }
      });
    },
  };
}

/** Tables that end with the process. */
export function tablesInMemory(): Tables {
  const db = new sqlite.Database(':memory:');
  return { use: async (run) => transaction(db, run) };
}

function transaction<T>(db: Database, run: (db: Database) => T): T {
  db.exec(`BEGIN IMMEDIATE; ${SCHEMA}`);
  try {
    const result = run(db);
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Begins a session and makes room. Returns its number. */
export function beginSession(db: Database): number {
  const { lastInsertRowid } = db.run('INSERT INTO sessions (started) VALUES (?)', [new Date().toISOString()]);
  const oldest = 'SELECT session FROM cells ORDER BY session DESC, line DESC LIMIT 1 OFFSET ?';
  db.run(`DELETE FROM cells WHERE session < (${oldest})`, [KEPT]);
  return Number(lastInsertRowid);
}

export function addCell(db: Database, session: number, line: number, input: string): void {
  db.run('INSERT OR REPLACE INTO cells (session, line, input) VALUES (?, ?, ?)', [session, line, input]);
}

export function addOutput(db: Database, session: number, line: number, output: string): void {
  db.run('UPDATE cells SET output = ? WHERE session = ? AND line = ?', [output, session, line]);
}

/** Cells in the order they ran. `session` is the running one; a front that has kept no cell yet has none. */
export function readCells(db: Database, session: number | undefined, query: HistoryQuery): KeptCell[] {
  switch (query.kind) {
    case 'tail':
      return newest(db, Math.max(0, query.n), () => true);
    case 'range': {
      const next = session ?? Number(db.get('SELECT max(session) + 1 AS next FROM sessions')?.next ?? 1);
      const wanted = query.session > 0 ? query.session : next + query.session;
      const end = Number(db.get('SELECT max(line) + 1 AS end FROM cells WHERE session = ?', [wanted])?.end ?? 1);
      const place = (line: number) => (line < 0 ? end + line : line);
      const stop = query.stop === null || query.stop === 0 ? end : place(query.stop);
      const sql = 'SELECT * FROM cells WHERE session = ? AND line >= ? AND line < ? ORDER BY line';
      return db.all(sql, [wanted, place(query.start), stop]).map(cell);
    }
    case 'search': {
      const seen = new Set<string>();
      return newest(db, query.n === null ? Number.POSITIVE_INFINITY : Math.max(0, query.n), ({ input }) => {
        if (!fitsGlob(query.pattern, input) || (query.unique && seen.has(input))) return false;
        seen.add(input);
        return true;
      });
    }
    default:
      return query satisfies never;
  }
}

function newest(db: Database, n: number, fits: (cell: KeptCell) => boolean): KeptCell[] {
  const found: KeptCell[] = [];
  const statement = db.prepare('SELECT * FROM cells ORDER BY session DESC, line DESC');
  try {
    for (const row of statement.iterate()) {
      if (found.length >= n) break;
      const kept = cell(row);
      if (fits(kept)) found.push(kept);
    }
  } finally {
    statement.finalize();
  }
  return found.reverse();
}

function cell(row: Readonly<Record<string, unknown>>): KeptCell {
  return row as unknown as KeptCell;
}
