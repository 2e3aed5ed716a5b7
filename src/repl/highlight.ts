// Colours of a cell as it is typed, by Lezer's parser of TypeScript, which reads again only what has changed. Loaded after the first prompt.
import { type Tree, TreeFragment } from '@lezer/common';
import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import { parser } from '@lezer/javascript';
import type { Span } from './layout.ts';
import { STYLES } from './theme.ts';

const typescript = parser.configure({ dialect: 'ts jsx' });

const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.self], class: STYLES.keyword },
  { tag: [tags.string, tags.special(tags.string)], class: STYLES.string },
  { tag: [tags.regexp, tags.escape], class: STYLES.regexp },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: STYLES.number },
  { tag: tags.comment, class: STYLES.comment },
  {
    tag: [
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
      tags.function(tags.definition(tags.variableName)),
    ],
    class: STYLES.function,
  },
  { tag: [tags.typeName, tags.className, tags.definition(tags.className), tags.tagName], class: STYLES.type },
]);

const MAGIC = /^(?:%%?[A-Za-z_][\w.-]*|!.*)/gm;

export class Highlighter {
  #text = '';
  #tree: Tree | undefined;

  /** The styles of a part of the text. */
  spans(text: string, from: number, to: number): Span[] {
    const spans: Span[] = [];
    highlightTree(
      this.#parse(text),
      highlighter,
      (start, end, style) => void spans.push({ from: start, to: end, style }),
      from,
      to,
    );
    for (const { index, 0: found } of text.matchAll(MAGIC))
      spans.push({ from: index, to: index + found.length, style: STYLES.magic });
    return spans;
  }

  #parse(text: string): Tree {
    if (this.#tree && text === this.#text) return this.#tree;
    let fragments: readonly TreeFragment[] = [];
    if (this.#tree) {
      const [start, removed, added] = difference(this.#text, text);
      const change = { fromA: start, toA: start + removed, fromB: start, toB: start + added };
      fragments = TreeFragment.applyChanges(TreeFragment.addTree(this.#tree), [change]);
    }
    this.#tree = typescript.parse(text, fragments);
    this.#text = text;
    return this.#tree;
  }
}

/** Where two texts begin to differ, and how long the parts are that do. */
function difference(before: string, after: string): [start: number, removed: number, added: number] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [start, before.length - start - end, after.length - start - end];
}
