// Which brackets of a text belong together and which are open. Regular expressions are not told from divisions: near enough for an indent.

/** Offsets of UTF-16 units. */
export interface Brackets {
  /** Those left open, outermost first. */
  readonly open: readonly number[];
  /** Opening and closing one of each pair. */
  readonly pairs: readonly (readonly [open: number, close: number])[];
  /** The text ends inside of a template or a comment. */
  readonly inText: boolean;
}

const TOKEN = /\/\/.*|\/\*[\s\S]*?(\*\/|$)|(["'])(?:\\[\s\S]|(?!\2)[^\\\n])*\2?|[`(){}[\]]/g;
/** A template's text, up to its end or to the next `${`. */
const TEMPLATE = /(?:\\[\s\S]|\$(?!\{)|[^\\`$])*/y;

/** Brackets outside of strings, templates and comments. */
export function findBrackets(code: string): Brackets {
  const open: { readonly at: number; readonly inTemplate: boolean }[] = [];
  const pairs: [number, number][] = [];
  const result = (inText: boolean) => ({ open: open.map(({ at }) => at), pairs, inText });
  const token = new RegExp(TOKEN);
  for (let match = token.exec(code); match !== null; match = token.exec(code)) {
    const [text] = match;
    const at = match.index;
    if (text.startsWith('/*') && match[1] === '') return result(true);
    const closes = ')]}'.includes(text) ? open.pop() : undefined;
    if (closes) pairs.push([closes.at, at]);
    if (text === '`' || closes?.inTemplate) {
      TEMPLATE.lastIndex = token.lastIndex;
      TEMPLATE.exec(code);
      const end = TEMPLATE.lastIndex;
      if (end >= code.length) return result(true);
      if (code.startsWith('${', end)) open.push({ at: end + 1, inTemplate: true });
      token.lastIndex = end + (code.charAt(end) === '`' ? 1 : 2);
    } else if ('([{'.includes(text)) open.push({ at, inTemplate: false });
  }
  return result(false);
}
