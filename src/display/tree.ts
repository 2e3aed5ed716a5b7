// Nested values as a tree: text with branches, and HTML that folds, each branch with its path to copy. What the leaves say is given.
import { asDisplay, type Display, escapeHtml } from './bundle.ts';
import { cut } from './text.ts';

export interface TreeNode {
  /** What it is called where it stands: `kernel`, `0`. */
  readonly key: string;
  /** How to get there from the whole: `.layers[0].kernel`; absent where no path leads. */
  readonly path?: string;
  /** What it is, in a line. */
  readonly text: string;
  /** The same as HTML, and what else is to be seen of it. */
  readonly html?: string;
  readonly picture?: string;
  readonly children?: readonly TreeNode[];
  /** Children that are left out. */
  readonly more?: number;
}

const lineWidth = 80;
const lines = 120;
/** Nodes with more children are folded at first, and whatever is deeper than two. */
const openChildren = 24;
const openDepth = 2;

/** A path is chosen by one click, and shown when the pointer is on its line. */
const style = `<style>
.tc-tree details,.tc-tree .tc-leaf{margin-left:18px}
.tc-tree>details{margin-left:0}
.tc-tree .tc-leaf{padding-left:14px}
.tc-tree summary{cursor:pointer}
.tc-tree summary,.tc-tree .tc-leaf{white-space:nowrap}
.tc-tree code{user-select:all;font-size:11px;opacity:0;margin-left:10px;cursor:copy;background:none}
.tc-tree summary:hover code,.tc-tree .tc-leaf:hover code{opacity:.75}
.tc-tree .tc-key{opacity:.75}
.tc-tree img{image-rendering:pixelated;margin:4px 0 6px 18px;max-width:none}
</style>`;

/** Draws a tree. */
export function drawTree(root: TreeNode): Display {
  const text = textLines(root);
  const shown = text.length <= lines ? text : [...text.slice(0, lines - 1), `… ${text.length - lines + 1} more lines`];
  return asDisplay(shown.join('\n'), { 'text/html': `<div class="tc-tree">${style}${nodeHtml(root, 0)}</div>` });
}

function textLines(node: TreeNode, indent = ''): string[] {
  const { text, children = [], more = 0 } = node;
  const title = node.key === '' ? text : `${node.key}: ${text}`;
  const line = cut(title, lineWidth - indent.length);
  const rest = more > 0 ? [{ key: '', text: `… ${more} more` }] : [];
  const all = [...children, ...rest];
  return [
    line,
    ...all.flatMap((child, at) => {
      const last = at === all.length - 1;
      const [first, ...others] = textLines(child, `${indent}   `);
      return [`${last ? '└─' : '├─'} ${first}`, ...others.map((other) => `${last ? '  ' : '│ '} ${other}`)];
    }),
  ];
}

function nodeHtml(node: TreeNode, depth: number): string {
  const { key, path, text, html, picture, children, more = 0 } = node;
  const name = key === '' ? '' : `<span class="tc-key">${escapeHtml(key)}:</span> `;
  const place = path ? ` <code>${escapeHtml(path)}</code>` : '';
  const line = `${name}${html ?? escapeHtml(text)}${place}`;
  if (!children?.length && !picture) return `<div class="tc-leaf">${line}</div>`;
  const rest = more > 0 ? `<div class="tc-leaf">… ${more} more</div>` : '';
  const inner = (children ?? []).map((child) => nodeHtml(child, depth + 1)).join('');
  const isOpen = !picture && depth < openDepth && (depth === 0 || (children?.length ?? 0) <= openChildren);
  return `<details${isOpen ? ' open' : ''}><summary>${line}</summary>${picture ?? ''}${inner}${rest}</details>`;
}
