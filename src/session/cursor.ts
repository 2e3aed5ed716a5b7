// Which name, and of what, stands at a cursor. Reads text only.

/** A chain of names such as `model.layers`, as it stands in the code: `path` leads to what `word` is a member of. */
export interface NameAtCursor {
  /** Names before the last dot; empty for a plain name. */
  readonly path: readonly string[];
  /** The last name as far as the cursor (completion) or whole (inspection). */
  readonly word: string;
  /** UTF-16 offsets of `word`. */
  readonly start: number;
  readonly end: number;
  /** A dot stands before `word`. */
  readonly member: boolean;
}

const CHAIN = /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*\??\.\s*)*)([\p{ID_Start}$_#][\p{ID_Continue}$]*)?$/u;

/**
 * The name that ends at `cursor`, or the whole name around it (`whole`). `undefined` in a comment, a string or a number, and where
 * what precedes the dot is not a chain of names (a call, an index), whose value only running it would tell.
 */
export function nameAt(code: string, cursor: number, whole = false): NameAtCursor | undefined {
  const end = whole ? cursor + /^[\p{ID_Continue}$]*/u.exec(code.slice(cursor))![0].length : cursor;
  if (!inCode(code, cursor)) return undefined;
  const before = code.slice(0, end);
  const [text, chain, word = ''] = CHAIN.exec(before)!;
  const start = end - word.length;
  const path = chain!
    .split(/\s*\??\.\s*/)
    .slice(0, -1)
    .map((name) => name.trim());
  const preceding = before.slice(0, end - text.length);
  if (path.length === 0 && /\.\s*$/.test(preceding) && !/\.\.\.\s*$/.test(preceding)) return undefined;
  if (path.length > 0 && /[\p{ID_Continue}$.)\]]\s*\.?$/u.test(preceding.slice(-1))) return undefined;
  return { path, word, start, end, member: path.length > 0 };
}

/** Whether a position is code: not in a comment, a string, a template's text. Regular expressions are taken for division. */
function inCode(code: string, position: number): boolean {
  const templates: number[] = [];
  let depth = 0;
  for (let at = 0; at < position; at++) {
    const two = code.slice(at, at + 2);
    const one = code[at]!;
    if (two === '//' || two === '/*') {
      const close = two === '//' ? code.indexOf('\n', at) : code.indexOf('*/', at + 2);
      if (close < 0 || close >= position) return false;
      at = two === '//' ? close : close + 1;
    } else if (one === '"' || one === "'") {
      const close = endOfString(code, at, one);
      if (close >= position) return false;
      at = close;
    } else if (one === '`' || (one === '}' && templates.at(-1) === depth)) {
      if (one === '}') templates.pop();
      const close = endOfTemplateText(code, at);
      if (close >= position) return false;
      if (code[close] === '{') templates.push(depth);
      at = close;
    } else if (one === '{') depth++;
    else if (one === '}') depth--;
  }
  return true;
}

/** Offset of the closing quote; of the line's end when there is none. */
function endOfString(code: string, open: number, quote: string): number {
  for (let at = open + 1; at < code.length; at++) {
    if (code[at] === '\\') at++;
    else if (code[at] === quote || code[at] === '\n') return at;
  }
  return code.length;
}

/** Offset of the closing backtick or of the `{` of the next `${`. */
function endOfTemplateText(code: string, open: number): number {
  for (let at = open + 1; at < code.length; at++) {
    if (code[at] === '\\') at++;
    else if (code[at] === '`') return at;
    else if (code[at] === '$' && code[at + 1] === '{') return at + 1;
  }
  return code.length;
}
