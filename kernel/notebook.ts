// A notebook as data: nbformat 4 text in, nbformat 4.5 text out, byte for byte as Jupyter's own writer. Touches no file.
import { randomBytes } from 'node:crypto';

/** MIME type → content, as Jupyter stores it; in memory a text is one string, not a list of lines. */
export type MimeData = Record<string, unknown>;

export type Output =
  | { output_type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { output_type: 'display_data'; data: MimeData; metadata: Record<string, unknown> }
  | { output_type: 'execute_result'; data: MimeData; metadata: Record<string, unknown>; execution_count: number | null }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

interface AnyCell {
  id: string;
  metadata: { tags?: unknown; [name: string]: unknown };
  source: string;
  /** File name → its MIME data; pictures that Markdown refers to as `attachment:name`. */
  attachments?: Record<string, MimeData>;
}

export interface CodeCell extends AnyCell {
  cell_type: 'code';
  execution_count: number | null;
  outputs: Output[];
}

export interface TextCell extends AnyCell {
  cell_type: 'markdown' | 'raw';
}

export type Cell = CodeCell | TextCell;

/** A notebook in memory. Fields that this version of the format doesn't know are kept as they came. */
export interface Notebook {
  nbformat: 4;
  /** 5 or more: older notebooks are raised to 4.5 when they are read. */
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Cell[];
}

/** A file that is no notebook, or can't be read or written. The message is one line for a person and names the file. */
export class NotebookError extends Error {
  override name = 'NotebookError';
}

/**
 * Reads nbformat 4.0–4.5 text (a later 4.x is read as 4.5 and keeps its number). Cells get ids where they lack them.
 * @param file The name for the error's message.
 * @throws {NotebookError} `x.ipynb is not a notebook: …`
 */
export function parseNotebook(text: string, file: string): Notebook {
  const fail = (reason: string): never => {
    throw new NotebookError(`${file} is not a notebook: ${reason}`);
  };
  if (text.trim() === '') fail('the file is empty');
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const conflict = text.split('\n').findIndex((line) => /^(<{7}|>{7}) /.test(line));
    if (conflict >= 0) fail(`it has merge conflict markers (line ${conflict + 1})`);
    fail(`it is not JSON (${(error as Error).message})`);
  }
  if (!isObject(root)) return fail('its JSON is not an object');
  if (root.nbformat !== 4) {
    if (typeof root.nbformat !== 'number') return fail('it has no "nbformat" number');
    return fail(`it is nbformat ${root.nbformat}, and only nbformat 4 is read; open it in Jupyter and save it again`);
  }
  if (!Array.isArray(root.cells)) return fail('"cells" is not a list');
  const ids = new Set<string>();
  const cells = root.cells.map((cell: unknown, index) =>
    readCell(cell, ids, (why) => fail(`cell ${index + 1}: ${why}`)),
  );
  const { orig_nbformat: _, orig_nbformat_minor: __, signature: ___, ...metadata } = asObject(root.metadata);
  const minor = typeof root.nbformat_minor === 'number' ? root.nbformat_minor : 0;
  return { ...root, nbformat: 4, nbformat_minor: Math.max(5, minor), metadata, cells };
}

type Fail = (reason: string) => never;

function readCell(cell: unknown, ids: Set<string>, fail: Fail): Cell {
  if (!isObject(cell)) return fail('it is not an object');
  const id = typeof cell.id === 'string' && /^[\w-]{1,64}$/.test(cell.id) && !ids.has(cell.id) ? cell.id : newCellId();
  ids.add(id);
  const source = joinLines(cell.source);
  if (typeof source !== 'string') return fail('"source" is not text');
  const { trusted: _, ...metadata } = asObject(cell.metadata);
  const common = { ...cell, id, source, metadata };
  if (isObject(cell.attachments)) {
    const joined = Object.entries(cell.attachments).map(([name, data]) => [name, joinData(asObject(data))] as const);
    Object.assign(common, { attachments: Object.fromEntries(joined) });
  }
  if (cell.cell_type === 'markdown' || cell.cell_type === 'raw') return { ...common, cell_type: cell.cell_type };
  if (cell.cell_type !== 'code') return fail(`"cell_type" is ${JSON.stringify(cell.cell_type)}`);
  if (cell.outputs !== undefined && !Array.isArray(cell.outputs)) return fail('"outputs" is not a list');
  const outputs = (cell.outputs ?? []).map((output: unknown) => readOutput(output, fail));
  const count = typeof cell.execution_count === 'number' ? cell.execution_count : null;
  return { ...common, cell_type: 'code', execution_count: count, outputs };
}

function readOutput(output: unknown, fail: Fail): Output {
  if (!isObject(output)) return fail('an output is not an object');
  switch (output.output_type) {
    case 'stream': {
      const text = joinLines(output.text);
      if (typeof text !== 'string') return fail('a stream output has no text');
      return { ...output, output_type: 'stream', name: output.name === 'stderr' ? 'stderr' : 'stdout', text };
    }
    case 'display_data':
    case 'execute_result': {
      const drawn = { ...output, data: joinData(asObject(output.data)), metadata: asObject(output.metadata) };
      if (output.output_type === 'display_data') return { ...drawn, output_type: 'display_data' };
      const count = typeof output.execution_count === 'number' ? output.execution_count : null;
      return { ...drawn, output_type: 'execute_result', execution_count: count };
    }
    case 'error': {
      const traceback = Array.isArray(output.traceback) ? output.traceback.map(String) : [];
      return { ...output, output_type: 'error', ename: `${output.ename}`, evalue: `${output.evalue}`, traceback };
    }
    default:
      return fail(`an output's "output_type" is ${JSON.stringify(output.output_type)}`);
  }
}

/** The text of a notebook's file: indent 1, sorted keys, long texts as lists of lines, a newline at the end. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    const written: Record<string, unknown> = { ...cell, source: splitLines(cell.source) };
    if (cell.attachments) {
      const split = Object.entries(cell.attachments).map(([name, data]) => [name, splitData(data)] as const);
      written.attachments = Object.fromEntries(split);
    }
    if (cell.cell_type === 'code') written.outputs = cell.outputs.map(splitOutput);
    return written;
  });
  return `${JSON.stringify(sortKeys({ ...notebook, cells }), undefined, 1)}\n`;
}

/** A fresh cell id, eight hexadecimal digits as Jupyter makes them. */
export function newCellId(): string {
  return randomBytes(4).toString('hex');
}

/** Whether a cell carries a tag (`parameters`, `raises-exception`, …). */
export function hasTag(cell: Cell, tag: string): boolean {
  return Array.isArray(cell.metadata.tags) && cell.metadata.tags.includes(tag);
}

function splitOutput(output: Output): object {
  if (output.output_type === 'stream') return { ...output, text: splitLines(output.text) };
  return output.output_type === 'error' ? output : { ...output, data: splitData(output.data) };
}

const isJson = (mime: string) => mime === 'application/json' || /^application\/.*\+json$/.test(mime);
const isSplit = (mime: string) => /^text\/|^application\/javascript$|^image\/svg\+xml$/.test(mime);

function joinData(data: MimeData): MimeData {
  return Object.fromEntries(Object.entries(data).map(([mime, part]) => [mime, isJson(mime) ? part : joinLines(part)]));
}

function splitData(data: MimeData): MimeData {
  const split = (mime: string, part: unknown) => (isSplit(mime) && typeof part === 'string' ? splitLines(part) : part);
  return Object.fromEntries(Object.entries(data).map(([mime, part]) => [mime, split(mime, part)]));
}

function joinLines(value: unknown): unknown {
  return Array.isArray(value) && value.every((line) => typeof line === 'string') ? value.join('') : value;
}

// Jupyter saves through Python, whose `splitlines` breaks at all of these; the same breaks keep diffs empty.
const ends = '\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029';
const line = new RegExp(`[^${ends}]*(?:\r\n|[${ends}])|[^${ends}]+$`, 'g');

function splitLines(text: string): string[] {
  return text.match(line) ?? [];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sortKeys(value[name])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
