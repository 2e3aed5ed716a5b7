// Terminal colours as HTML: the SGR sequences that tracebacks and libraries print; other escape sequences are dropped.
import { escapeHtml } from '../src/display/bundle.ts';

interface Style {
  color?: string | undefined;
  background?: string | undefined;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}

const sgr = '\u001b\\[([\\d;:]*)m';
const other = '\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|\u001b.?';
const sequence = new RegExp(`${sgr}|${other}`, 'g');

/** Escaped text with `<span>`s for its colours: the 16 named ones as `var(--ansi-n)`, so that a page can suit them to light and dark. */
export function ansiToHtml(text: string): string {
  let style: Style = {};
  let html = '';
  let at = 0;
  const add = (part: string) => {
    if (part === '') return;
    const css = cssOf(style);
    html += css === '' ? escapeHtml(part) : `<span style="${css}">${escapeHtml(part)}</span>`;
  };
  for (const found of text.matchAll(sequence)) {
    add(text.slice(at, found.index));
    at = found.index + found[0].length;
    if (found[1] !== undefined) style = applyCodes(style, found[1]);
  }
  add(text.slice(at));
  return html;
}

function applyCodes(before: Style, codes: string): Style {
  let style = { ...before };
  const numbers = codes.split(/[;:]/).map(Number);
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i]!;
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 9) style.strike = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 23) style.italic = false;
    else if (code === 24) style.underline = false;
    else if (code === 27) style.inverse = false;
    else if (code === 29) style.strike = false;
    else if (code >= 30 && code <= 37) style.color = named(code - 30);
    else if (code >= 90 && code <= 97) style.color = named(code - 82);
    else if (code >= 40 && code <= 47) style.background = named(code - 40);
    else if (code >= 100 && code <= 107) style.background = named(code - 92);
    else if (code === 39) style.color = undefined;
    else if (code === 49) style.background = undefined;
    else if (code === 38 || code === 48) {
      const color = numbers[i + 1] === 5 ? indexed(numbers[i + 2] ?? 0) : rgb(numbers.slice(i + 2, i + 5));
      i += numbers[i + 1] === 5 ? 2 : 4;
      if (code === 38) style.color = color;
      else style.background = color;
    }
  }
  return style;
}

function cssOf({ color, background, inverse, ...style }: Style): string {
  const [front, back] = inverse ? [background ?? 'var(--page)', color ?? 'var(--text)'] : [color, background];
  const line = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean).join(' ');
  return [
    front && `color:${front}`,
    back && `background:${back}`,
    style.bold && 'font-weight:600',
    style.dim && 'opacity:.65',
    style.italic && 'font-style:italic',
    line && `text-decoration:${line}`,
  ]
    .filter(Boolean)
    .join(';');
}

const named = (index: number) => `var(--ansi-${index})`;
const rgb = (parts: number[]) => `rgb(${[0, 1, 2].map((i) => parts[i] ?? 0).join(',')})`;

/** The 256-colour table of xterm: 16 named, a cube of 6 steps a side, 24 greys. */
function indexed(index: number): string {
  if (index < 16) return named(index);
  if (index >= 232) return rgb(Array(3).fill(8 + 10 * (index - 232)));
  const step = (n: number) => (n === 0 ? 0 : 55 + 40 * n);
  const cube = index - 16;
  return rgb([step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)]);
}
