// One process at a time: a lock file that names its holder. SQLite's own locks are no help: its WebAssembly build makes a folder beside
// the database, which a killed process leaves behind for ever, and does not roll back what that process left half done.
import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** A holder works for milliseconds; whoever waits longer than this gives up, ms. */
const PATIENCE = 15_000;
/** Between two tries, ms. */
const BETWEEN = 5;
/** A lock of another machine (a shared home folder), or one whose holder died before it wrote its name, is void after this, ms. */
const VOID = 10_000;

/** Runs `work`, which must not be asynchronous, while no other process does so under the same lock. Rejects when the lock can't be had. */
export async function locked<T>(file: string, work: () => T): Promise<T> {
  const end = Date.now() + PATIENCE;
  while (!take(file)) {
    if (isVoid(file)) breakLock(file);
    else if (Date.now() > end) throw new Error(`${file} is held by ${holder(file) || 'another process'}`);
    else await delay(BETWEEN + Math.random() * BETWEEN);
  }
  try {
    return work();
  } finally {
    unlinkSync(file);
  }
}

function take(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeFileSync(descriptor, `${process.pid} ${hostname()}`);
    closeSync(descriptor);
    return true;
  } catch (error) {
    return allow(error, 'EEXIST', false);
  }
}

/** Process id and machine; empty while the holder writes them, or when the lock is gone. */
function holder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return allow(error, 'ENOENT', '');
  }
}

function isVoid(file: string): boolean {
  const [, pid, host] = /^(\d+) (.*)$/.exec(holder(file)) ?? [];
  if (pid === undefined || host !== hostname()) return age(file) > VOID;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // Another user's process lives, too.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function age(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch (error) {
    return allow(error, 'ENOENT', 0);
  }
}

/** Takes a void lock away. One process at a time, and looking again, so that it is never a lock that another has just taken. */
function breakLock(file: string): void {
  const breaking = `${file}.break`;
  try {
    mkdirSync(breaking);
  } catch (error) {
    allow(error, 'EEXIST', undefined);
    if (age(breaking) > VOID) rmdirSync(breaking);
    return;
  }
  try {
    if (isVoid(file)) unlinkSync(file);
  } finally {
    rmdirSync(breaking);
  }
}

/** The value for an expected error of the file system; another is thrown on. */
function allow<T>(error: unknown, code: string, value: T): T {
  if ((error as NodeJS.ErrnoException).code !== code) throw error;
  return value;
}
