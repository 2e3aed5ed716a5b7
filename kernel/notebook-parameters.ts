// Parameters from the command line into a notebook, as papermill does: a cell after the one tagged `parameters`.
import { type CodeCell, hasTag, type Notebook, NotebookError, newCellId } from './notebook.ts';

/**
 * Reads `name=value`: JSON where the value is JSON (`3`, `true`, `[1, 2]`, `"3"`), else the text itself.
 * @throws {NotebookError} No `=`, or a name that TypeScript can't declare.
 */
export function parseParameter(text: string): readonly [name: string, value: unknown] {
  const at = text.indexOf('=');
  if (at < 0) throw new NotebookError(`-p ${text}: a parameter is written name=value`);
  const name = text.slice(0, at);
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    throw new NotebookError(`-p ${text}: "${name}" can't be the name of a variable`);
  const value = text.slice(at + 1);
  try {
    return [name, JSON.parse(value)];
  } catch (error) {
    if (error instanceof SyntaxError) return [name, value];
    throw error;
  }
}

/**
 * Adds the cell `let name = value;` … after the cell tagged `parameters` (before all others without one), in place of one
 * that an earlier run left.
 */
export function injectParameters(notebook: Notebook, values: ReadonlyMap<string, unknown>): Notebook {
  if (values.size === 0) return notebook;
  const cells = notebook.cells.filter((cell) => !hasTag(cell, 'injected-parameters'));
  const lines = [...values].map(([name, value]) => `let ${name} = ${JSON.stringify(value)};`);
  const injected: CodeCell = {
    id: newCellId(),
    cell_type: 'code',
    metadata: { tags: ['injected-parameters'] },
    source: ['// Parameters', ...lines].join('\n'),
    execution_count: null,
    outputs: [],
  };
  const at = cells.findIndex((cell) => hasTag(cell, 'parameters'));
  return { ...notebook, cells: cells.toSpliced(at + 1, 0, injected) };
}
