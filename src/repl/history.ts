// Lines that a person typed, kept across runs of the terminal.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Lines kept. */
const LIMIT = 2000;

/** The kept lines, newest first, as readline wants them; none when the file is missing or can't be read. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .reverse();
  } catch (_missing) {
    return [];
  }
}

/** Keeps the lines, given newest first. Returns what went wrong, for one line to the person. */
export function writeHistory(file: string, lines: readonly string[]): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const kept = [...lines.slice(0, LIMIT)].reverse().map((line) => `${line}\n`);
    writeFileSync(file, kept.join(''), { mode: 0o600 });
    return undefined;
  } catch (error) {
    return `The history could not be kept in ${file}: ${(error as Error).message}`;
  }
}
