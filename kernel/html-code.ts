// TypeScript as HTML with its words coloured: a scanner for the eye, not a parser.
import { escapeHtml } from '../src/display/bundle.ts';

const keywords = new Set(
  `abstract any as asserts async await bigint boolean break case catch class const continue debugger declare default delete
  do else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof
  let namespace never new null number object of override private protected public readonly return satisfies set static string
  super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield`.split(
    /\s+/,
  ),
);

const token = new RegExp(
  [
    /(?<comment>\/\/.*|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|^[ \t]*[%!].*)/,
    /(?<string>"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?)/,
    /(?<template>`)/,
    /(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?)n?)/,
    /(?<word>#?[\p{ID_Start}$_][\p{ID_Continue}$]*)/u,
    /(?<regex>\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*)/,
    /(?<brace>[{}])/,
    /(?<mark>[)\]]|\S)/,
  ]
    .map((part) => part.source)
    .join('|'),
  'gimu',
);

/** Escaped code with `<span class="c …">` about its comments (`c`), strings (`s`), numbers (`n`), keywords (`k`), types (`t`), functions (`f`). */
export function highlight(code: string): string {
  let html = '';
  let at = 0;
  /** What ends the code that is scanned: for each open `${`, the number of braces open in it. */
  const open: number[] = [];
  /** After a value a slash divides; elsewhere it begins a regular expression. */
  let afterValue = false;
  const add = (end: number, kind?: string) => {
    const text = escapeHtml(code.slice(at, end));
    html += kind ? `<span class="${kind}">${text}</span>` : text;
    at = end;
  };
  while (at < code.length) {
    token.lastIndex = at;
    const found = token.exec(code);
    if (!found) break;
    add(found.index);
    const { comment, string, template, number, word, regex, brace } = found.groups!;
    const end = found.index + found[0].length;
    if (comment !== undefined) {
      add(end, 'c');
      continue;
    }
    if (regex !== undefined && afterValue) {
      add(at + 1);
      afterValue = false;
      continue;
    }
    if (template !== undefined) {
      add(endOfText(code, at + 1, open), 's');
      afterValue = open.at(-1) !== 0;
      continue;
    }
    if (brace === '}' && open.at(-1) === 0) {
      open.pop();
      add(endOfText(code, at + 1, open), 's');
      afterValue = open.at(-1) !== 0;
      continue;
    }
    if (brace !== undefined && open.length > 0) open[open.length - 1]! += brace === '{' ? 1 : -1;
    if (string !== undefined || regex !== undefined) add(end, 's');
    else if (number !== undefined) add(end, 'n');
    else if (word !== undefined) add(end, wordKind(code, word, found.index, end));
    else add(end);
    afterValue =
      word !== undefined
        ? !keywords.has(word) || /^(this|super|null|true|false|undefined)$/.test(word)
        : string !== undefined || number !== undefined || regex !== undefined || /^[)\]]$/.test(found[0]);
  }
  add(code.length);
  return html;
}

function wordKind(code: string, word: string, start: number, end: number): string | undefined {
  // `x.delete()` and `{ type: 1 }` are names, whatever their word.
  const property = code[start - 1] === '.' && code[start - 2] !== '.';
  if (keywords.has(word) && !property && !/^\s*\??:(?!:)/.test(code.slice(end, end + 8))) return 'k';
  if (/^[A-Z][\p{ID_Continue}$]*[a-z]/u.test(word)) return 't';
  return /^\s*(?:<[^<>()]*>)?\(/.test(code.slice(end, end + 80)) ? 'f' : undefined;
}

/** The end of a template's text that begins at `at`: after its backtick, or after a `${`, which is then open. */
function endOfText(code: string, at: number, open: number[]): number {
  for (let i = at; i < code.length; i++) {
    if (code[i] === '\\') i++;
    else if (code[i] === '`') return i + 1;
    else if (code[i] === '$' && code[i + 1] === '{') {
      open.push(0);
      return i + 2;
    }
  }
  return code.length;
}
