// How deep the tree of a text would be. The parser is native and recurses: where its stack ends, the process does (from 10,000 to 20,000
// levels on, by the form). Told from the text's tokens, since after a parse it is too late.

/** Deeper than anybody writes, with room below what the parser bears. */
export const DEEPEST = 8000;

/** A string, a template or a comment; a word or a number; or one mark. */
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1?|`(?:\\[\s\S]|[^\\`])*`?|\d[\w.]*|[\w$\u0080-\uffff]+|\n|<\/|\/>|=>|\?\.|&&|\|\||\?\?|\*\*|[=!]==?|\+\+|--|[^\s\w]/g;
/** Words that make a level as operators do. */
const LINKS = new Set(
  'as await delete else extends in instanceof keyof new readonly satisfies typeof void yield'.split(' '),
);
/** Not `|` and `&`: of a union's types the parser makes a list. */
const MARKS = new Set('+ - * ** / % < = => ? ?. . ! ~ ^ && || ?? == === != !== @'.split(' '));

/**
 * Where a text is deeper than `DEEPEST`, as an offset; `undefined` where it isn't. Each bracket and each operator of an expression is a
 * level: `1 + 1 + 1` is a sum of a sum. A line's end, a comma and a semicolon end what the line or the item has.
 */
export function tooDeep(code: string): number | undefined {
  if (code.length <= DEEPEST) return undefined;
  /** Levels below each open bracket. */
  const outer: number[] = [];
  let levels = 0;
  let depth = 0;
  /** What the last end of a statement took, for an `else` behind it. */
  let taken = 0;
  let last = '';
  let ended = false;
  for (const { 0: token, index } of code.matchAll(TOKEN)) {
    if (token === '\n') {
      ended = !isLink(last);
      continue;
    }
    if (token.startsWith('//') || token.startsWith('/*')) continue;
    if (token === ';' || token === ',' || (ended && !isLink(token))) {
      depth -= levels;
      taken = levels;
      levels = 0;
    } else if (token === 'else') {
      depth += taken;
      levels += taken;
      taken = 0;
    }
    ended = false;
    last = token;
    if (token === '(' || token === '[' || token === '{') {
      outer.push(levels + 1);
      levels = 0;
      taken = 0;
      depth++;
    } else if (token === ')' || token === ']' || token === '}') {
      depth -= levels;
      levels = outer.pop() ?? 0;
      taken = 0;
    } else if (token === '</' || token === '/>') {
      // Elements beside one another.
      const closed = Math.min(levels, 1);
      levels -= closed;
      depth -= closed;
    } else if (isLink(token) && !isAttribute(code, index)) {
      levels++;
      depth++;
    }
    if (depth > DEEPEST) return index;
  }
  return undefined;
}

function isLink(token: string): boolean {
  return MARKS.has(token) || LINKS.has(token);
}

/** `a="1"` of an element. */
function isAttribute(code: string, at: number): boolean {
  return code[at] === '=' && /["'{]/.test(code.charAt(at + 1));
}
