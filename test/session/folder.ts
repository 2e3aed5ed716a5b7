// A notebook's folder for tests of imports: made for a test file, gone with it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

/** A folder in a file's tests, and what writes files into it: name → text. */
export function makeFolder(name: string): { folder: string; write(files: Record<string, string>): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `tensorcell-${name}-`)));
  after(() => rmSync(folder, { recursive: true }));
  const write = (files: Record<string, string>) => {
    for (const [file, text] of Object.entries(files)) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  };
  return { folder, write };
}
