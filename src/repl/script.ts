// A TypeScript file as a row of cells, parted by `// %%` lines as VS Code and Jupytext do.

const marker = /^\s*\/\/\s*%%(.*)$/;

/** A part of a script; `header` is what stands behind `// %%`. */
export interface ScriptCell {
  readonly header: string;
  readonly source: string;
}

/** Splits a script at its `// %%` lines; empty parts are left out. A script without a marker is one cell. */
export function splitScript(text: string): ScriptCell[] {
  const cells: ScriptCell[] = [];
  let header = '';
  let lines: string[] = [];
  const close = () => {
    const source = lines.join('\n').replace(/^(?:[ \t]*\n)+|\s+$/g, '');
    if (source !== '') cells.push({ header, source });
    lines = [];
  };
  // A hash-bang line is for the shell, not for the session.
  for (const line of text.replace(/^\uFEFF?(#!.*)?/, '').split(/\r?\n/)) {
    const found = marker.exec(line);
    if (found) {
      close();
      header = found[1]!;
    } else lines.push(line);
  }
  close();
  return cells;
}
