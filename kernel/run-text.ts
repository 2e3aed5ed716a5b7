// Outputs as text for a terminal: what a display says in words, lines as a terminal would leave them, their widths.
import type { Notebook, Output } from './notebook.ts';

/** The text of an output; displays by their `text/plain`, or the name of what can't be shown here. Ends without a newline. */
export function outputText(output: Output): string {
  switch (output.output_type) {
    case 'stream':
      return applyReturns(output.text).replace(/\n$/, '');
    case 'error':
      return output.traceback.length > 0 ? output.traceback.join('\n') : `${output.ename}: ${output.evalue}`;
    default: {
      const text = output.data['text/plain'] ?? output.data['text/markdown'];
      if (typeof text === 'string') return text.replace(/\n$/, '');
      return `[${Object.keys(output.data).join(', ')}]`;
    }
  }
}

/** What stays of lines that carriage returns and backspaces wrote over, as progress bars do. */
export function applyReturns(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  let result = text.replace(/\r+\n/g, '\n');
  // Each pass removes the characters that a backspace follows.
  for (let before = ''; before !== result; ) {
    before = result;
    result = result.replace(/[^\n\r\b][\b]/g, '');
  }
  return result
    .replace(/[\b]/g, '')
    .split('\n')
    .map((line) => line.split('\r').reduce((shown, next) => next + shown.slice(next.length)))
    .join('\n');
}

/** Colours and other escape sequences taken out. */
export function stripAnsi(text: string): string {
  return text.replace(ansi, '');
}

/** Colours and other text styles taken out, links left in. */
export function stripColours(text: string): string {
  return text.replace(colours, '');
}

/** The first characters of a line that fit into `columns`; colours take no room, CJK and emoji two columns. */
export function fitLine(line: string, columns: number): string {
  let width = 0;
  let result = '';
  for (const [part] of line.matchAll(pieces)) {
    if (part.startsWith('\u001b')) {
      result += part;
      continue;
    }
    width += wide.test(part) ? 2 : /^\p{M}|^\u200d/u.test(part) ? 0 : 1;
    if (width > columns) return `${result}\u001b[0m`;
    result += part;
  }
  return result;
}

/** The first line of a cell that says something: no comment, no brace alone, no import where more follows. */
export function cellTitle(source: string): string {
  const lines = source.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !/^(\/\/|\/\*|\*|[{}()[\];]*$)/.test(line));
  return said.find((line) => !/^import\b/.test(line)) ?? said[0] ?? lines[0] ?? '';
}

/** Markdown headings by the cell that they stand before: code cell's id → headings. */
export function headingsBefore(notebook: Notebook): Map<string, string[]> {
  const headings = new Map<string, string[]>();
  let waiting: string[] = [];
  for (const cell of notebook.cells) {
    if (cell.cell_type === 'markdown')
      waiting.push(
        ...[...cell.source.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(.+?)[ #]*$/gm)].map(
          (found) => found[1]!,
        ),
      );
    else if (cell.cell_type === 'code') {
      if (waiting.length > 0) headings.set(cell.id, waiting);
      waiting = [];
    }
  }
  return headings;
}

/** 0.3 s, 12.4 s, 3 min 20 s. */
export function formatTime(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const esc = '\u001b';
// CSI sequences (colours), and OSC ones (links, titles) up to BEL or ST.
const sequence = `${esc}\\[[0-?]*[ -/]*[@-~]|${esc}\\][^\u0007${esc}]*(?:\u0007|${esc}\\\\)`;
const colours = new RegExp(`${esc}\\[[\\d;:]*m`, 'g');
const ansi = new RegExp(sequence, 'g');
const pieces = new RegExp(`${sequence}|[\\s\\S]`, 'gu');
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u;
