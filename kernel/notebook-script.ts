// TypeScript files with `// %%` cells as notebooks, as VS Code and Jupytext mark them.
import { splitScript } from '../src/repl/script.ts';
import type { Cell, Notebook } from './notebook.ts';

/**
 * Splits a script into cells at its `// %%` lines. `// %% [markdown]` begins a cell of Markdown, written as `//` lines or as one
 * block comment; `tags=["parameters"]` on the line gives tags, other words a title. A script without a marker is one cell.
 */
export function parseScript(text: string): Notebook {
  const cells = splitScript(text).map(({ header, source }, index) => makeCell(header, source, index + 1));
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

function makeCell(header: string, source: string, number: number): Cell {
  const id = `cell-${number}`;
  const tags = /\btags\s*=\s*(\[[^\]]*\])/.exec(header)?.[1];
  const metadata = tags === undefined ? {} : { tags: [...tags.matchAll(/["']([^"']*)["']/g)].map((tag) => tag[1]!) };
  const kind = /\[(markdown|md|raw)\]/.exec(header)?.[1];
  if (kind === undefined) return { id, cell_type: 'code', metadata, source, execution_count: null, outputs: [] };
  return { id, cell_type: kind === 'raw' ? 'raw' : 'markdown', metadata, source: uncomment(source) };
}

function uncomment(source: string): string {
  const block = /^\s*\/\*+[ \t]*\n?([\s\S]*?)\s*\*+\/\s*$/.exec(source);
  const lines = (block ? block[1]! : source).split('\n');
  const prefix = block ? /^\s*\* ?/ : /^\s*\/\/ ?/;
  // Within a block comment `*` is a frame only where every line has it; else it may be a list's bullet.
  const framed = !block || lines.every((line) => line.trim() === '' || prefix.test(line));
  return framed ? lines.map((line) => line.replace(prefix, '')).join('\n') : lines.join('\n');
}
