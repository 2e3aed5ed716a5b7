// The form of the corpus: sequences of cells with what must come of each. Reads and writes the text, runs nothing.
//
//   === what the sequence shows
//   const a: number = 1
//   a
//   //=> 1
//   ---
//   let a = 'x'; a.nope.deep
//   //!! TypeError: Cannot read properties of undefined (reading 'deep')
//   //@ 1:21
//
// Behind a cell's code stand, each on lines of its own: `//>>` a line it prints, `//=>` a line of its value's text, `//!!` its error, `//@`
// the error's line and column in the cell, `//~` an error of its types as `TS2322 1:5`, for which it would not run, `//?` names that must be among the
// completions at a place, as `2:3 name, name`. An error that ends with `…` is only the beginning. A cell without `//=>` has no value, one without `//!!` succeeds.

export interface Expected {
  printed: string[];
  value: string[];
  error: string | undefined;
  place: string | undefined;
  readonly diagnostics: string[];
  readonly completions: string[];
}

export interface CorpusCell {
  readonly code: string;
  readonly expected: Expected;
}

export interface Sequence {
  readonly title: string;
  readonly cells: readonly CorpusCell[];
}

const marks = { '//>>': 'printed', '//=>': 'value', '//~': 'diagnostics', '//?': 'completions' } as const;
const single = { '//!!': 'error', '//@': 'place' } as const;

export function readSequences(text: string): Sequence[] {
  const parts = text.split(/^=== (.*)\n/m).slice(1);
  const sequences: Sequence[] = [];
  for (let i = 0; i < parts.length; i += 2)
    sequences.push({
      title: parts[i]!,
      cells: parts[i + 1]!.trimEnd()
        .split(/^---\n/m)
        .map(readCell),
    });
  return sequences;
}

function readCell(text: string): CorpusCell {
  const expected: Expected = {
    printed: [],
    value: [],
    error: undefined,
    place: undefined,
    diagnostics: [],
    completions: [],
  };
  const code: string[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const mark = /^\/\/(?:>>|=>|~|\?|!!|@)(?= |$)/.exec(line)?.[0];
    if (mark === undefined) {
      code.push(line);
      continue;
    }
    const rest = line.slice(mark.length + 1);
    if (mark in marks) expected[marks[mark as keyof typeof marks]].push(rest);
    else expected[single[mark as keyof typeof single]] = rest;
  }
  return { code: code.join('\n'), expected };
}

export function writeSequences(sequences: readonly Sequence[]): string {
  return `${sequences.map(({ title, cells }) => `=== ${title}\n${cells.map(writeCell).join('\n---\n')}\n`).join('\n')}`;
}

function writeCell({ code, expected }: CorpusCell): string {
  const lines = [code];
  for (const [mark, name] of Object.entries(marks))
    for (const line of expected[name]) lines.push(`${mark} ${line}`.trimEnd());
  for (const [mark, name] of Object.entries(single))
    if (expected[name] !== undefined) lines.push(`${mark} ${expected[name]}`);
  return lines.join('\n');
}
