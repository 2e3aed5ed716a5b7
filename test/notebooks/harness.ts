// What the tests of the notebooks share: where they lie, running one with few digits, checking its types. Checks no lesson by itself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KernelClient } from '../../kernel/client.ts';
import { type CodeCell, type Notebook, parseNotebook } from '../../kernel/notebook.ts';
import { OutputRecorder } from '../../kernel/notebook-outputs.ts';
import { injectParameters } from '../../kernel/notebook-parameters.ts';
import { runCells } from '../../kernel/run-cells.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, 'notebooks');

export function readLesson(name: string): { readonly text: string; readonly notebook: Notebook } {
  const path = join(folder, `${name}.ipynb`);
  const text = readFileSync(path, 'utf8');
  return { text, notebook: parseNotebook(text, path) };
}

/** The notebook with its outputs, run whole through a kernel of its own. */
export async function runLesson(name: string, parameters: Record<string, number>): Promise<Notebook> {
  const notebook = injectParameters(readLesson(name).notebook, new Map(Object.entries(parameters)));
  await using client = await KernelClient.start({ cwd: folder });
  const watcher = { started: () => {}, published: () => {}, ended: () => {} };
  const outcome = await runCells(notebook, client, watcher, new OutputRecorder(), new AbortController().signal);
  assert.equal(outcome.status, 'ok', JSON.stringify(outcome));
  return notebook;
}

export function codeCell(notebook: Notebook, id: string): CodeCell {
  const found = notebook.cells.find((one) => one.id === id);
  assert.ok(found?.cell_type === 'code', id);
  return found;
}

/** What cells have without an import. A declaration file, so that the names that two packages share are no error. */
const ambient = `
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
export * from '@tensorflow/tfjs-core';
export { layers, sequential, model, input, Sequential, LayersModel, History } from '@tensorflow/tfjs-layers';
declare global { const display: typeof import('tensorcell').display; }
`;

/** Complaints of the compiler, in strict mode, about all code cells of a notebook in their order; empty if there are none. */
export function typeErrors(notebook: Notebook): string {
  mkdirSync(join(root, 'build'), { recursive: true });
  // Inside the project, where the packages are found.
  const place = mkdtempSync(join(root, 'build', 'types-'));
  try {
    const cells = notebook.cells.filter((cell) => cell.cell_type === 'code').map((cell) => cell.source);
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: {
        noEmit: true,
        incremental: false,
        rootDir: '../..',
        noUnusedLocals: false,
        tsBuildInfoFile: null,
      },
      include: ['.'],
      exclude: [],
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(place, 'ambient.d.ts'), ambient);
    writeFileSync(join(place, 'cells.ts'), `import * as tf from './ambient.js';\n${cells.join('\n;\n')}\n`);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', place], { encoding: 'utf8' });
    return `${stdout}${stderr}`.trim();
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
