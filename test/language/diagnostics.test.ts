// What is wrong with cells, sequence by sequence, by the real server; and that nothing is wrong with the cells of this project.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { check, freshChecker } from './harness.ts';
import { sequences } from './sequences.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('errors of types', () => {
  const checker = freshChecker();
  for (const [title, ...cells] of sequences) {
    it(title, async () => {
      checker.index.forget();
      for (const cell of cells) {
        const [code, ...errors] = typeof cell === 'string' ? [cell] : cell;
        assert.deepEqual(await check(checker, code!), errors, code);
      }
    });
  }

  it('every global of this Node is known', async () => {
    checker.index.forget();
    const names = Object.getOwnPropertyNames(globalThis).filter((name) => /^[\w$]+$/.test(name));
    assert.deepEqual(await check(checker, names.map((name) => `void ${name};`).join('\n')), []);
  });
});

describe('no error in', () => {
  const checker = freshChecker();
  for (const file of readdirSync(`${root}notebooks`).filter((name) => name.endsWith('.ipynb'))) {
    it(file, async () => {
      checker.index.forget();
      const { cells } = JSON.parse(readFileSync(`${root}notebooks/${file}`, 'utf8')) as {
        cells: { cell_type: string; source: string | string[] }[];
      };
      for (const { cell_type, source } of cells)
        if (cell_type === 'code') assert.deepEqual(await check(checker, [source].flat().join('')), []);
    });
  }

  // They are cut to show one form each: names that stand for anything are not declared in them.
  const undeclared = /^TS(?:2304|2552|2503) /;
  const meant: Record<string, string[]> = {
    'awaits.ts': ['TS18047 7:26'],
    'constants.ts': ['TS2588 2:1', 'TS2588 3:4'],
  };
  for (const file of readdirSync(`${root}test/cells/input`)) {
    it(`test/cells/input/${file}, but for what is meant`, async () => {
      checker.index.forget();
      const errors = await check(checker, readFileSync(`${root}test/cells/input/${file}`, 'utf8'));
      assert.deepEqual(
        errors.filter((error) => !undeclared.test(error)),
        meant[file] ?? [],
      );
    });
  }
});
