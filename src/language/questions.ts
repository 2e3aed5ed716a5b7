// Completion, hover and signature help: a place in a cell → what the server knows of it.
import type { CompletionItem } from '../session/types.ts';
import { cellNamesAt } from './cell-names.ts';
import type { Checker } from './checker.ts';
import { lineStarts, positionAt } from './diagnostics.ts';
import type { Position } from './workspace.ts';

/** Items whose documentation is asked for, and how long it may take in all, ms: beyond that a list had better be there than be learned. */
const DOCUMENTED = 5;
const DOCUMENTATION_PATIENCE = 10;
/** The same for a list that has taken longer than this already, ms. */
const LATE = 15;
const LATE_PATIENCE = 5;
/** Names of cells that a word is tried for. */
const MEANT = 50;
/** Characters of documentation that go with a completion. */
const SNIPPET = 400;

export interface TypedCompletion {
  readonly items: readonly CompletionItem[];
  /** UTF-16 offset where the replaced text starts. */
  readonly start: number;
  /** Not a name of any kind: a member, a key, a string, an import. What the session knows adds nothing then. */
  readonly closed: boolean;
}

interface Item {
  readonly label: string;
  readonly kind?: number;
  readonly sortText?: string;
  readonly insertText?: string;
  readonly textEdit?: { readonly range: { readonly start: Position }; readonly newText: string };
}

/** LSP's kinds as Jupyter's clients draw them. */
const KINDS: Readonly<Record<number, string>> = {
  2: 'function',
  3: 'function',
  4: 'class',
  5: 'property',
  6: 'instance',
  7: 'class',
  8: 'interface',
  9: 'module',
  10: 'property',
  13: 'enum',
  14: 'keyword',
  17: 'path',
  19: 'path',
  20: 'property',
  21: 'text',
  22: 'class',
  25: 'type',
};

/** `undefined` when there is no answer. `cursor` is a UTF-16 offset. */
export async function completeTyped(
  checker: Checker,
  code: string,
  cursor: number,
): Promise<TypedCompletion | undefined> {
  const began = performance.now();
  const answer = await ask(checker, code, cursor, 'textDocument/completion', { context: { triggerKind: 1 } });
  const found = ((answer as { items?: Item[] } | null)?.items ?? answer ?? []) as Item[];
  const word = /[\p{ID_Start}$_#]?[\p{ID_Continue}$]*$/u.exec(code.slice(0, cursor))![0];
  const isMember = /(?:^|[^.])\.$|\?\.$/.test(code.slice(0, cursor - word.length));
  const edited = found.find(({ textEdit, insertText }) => textEdit && !isBracketed(insertText));
  const start = edited ? offsetOf(code, edited.textEdit!.range.start) : cursor - word.length;
  const typed = code.slice(start, cursor);
  const lower = typed.toLowerCase();
  const items = found
    .filter(({ insertText }) => !isBracketed(insertText))
    .map((item) => ({ item, text: item.textEdit?.newText ?? item.insertText ?? item.label.replace(/\?$/, '') }))
    .filter(({ text }) => text.toLowerCase().startsWith(lower) && !text.startsWith('__tensorcell'))
    .sort((one, other) => rank(one, typed) - rank(other, typed) || (one.text < other.text ? -1 : 1));
  const details = await documentation(
    checker,
    items.slice(0, DOCUMENTED).map(({ item }) => item),
    performance.now() - began < LATE ? DOCUMENTATION_PATIENCE : LATE_PATIENCE,
  );
  return {
    items: items.map(({ item, text }, at) => ({ text, kind: kindOf(item, details[at]?.signature), ...details[at] })),
    start,
    closed: isMember || edited !== undefined || found.some(({ kind }) => kind === 5),
  };
}

/** The server calls what is imported a variable: its signature tells better. */
function kindOf({ kind = 6 }: Item, signature = ''): string {
  const [head] = signature.split(' ');
  if (head === 'function' || head === 'class') return head;
  if (head === 'enum') return 'class';
  if (head === 'namespace' || head === 'module') return 'module';
  return KINDS[kind] ?? 'instance';
}

/** `.odd-name` would have to become `["odd-name"]`, whose dot is not the completion's to replace. */
function isBracketed(insertText: string | undefined): boolean {
  return insertText !== undefined && /^(?:\?\.)?\[/.test(insertText);
}

/** What is typed in its own case first, then by the server's order; names for insiders last. */
function rank({ item, text }: { item: Item; text: string }, typed: string): number {
  return (
    (text.startsWith(typed) ? 0 : 1000) +
    (text.startsWith('_') ? 500 : 0) +
    (Number.parseInt(item.sortText ?? '11', 10) || 0)
  );
}

/** Signatures and the first lines of documentation, as far as they come in time. */
async function documentation(
  checker: Checker,
  items: readonly Item[],
  patience: number,
): Promise<readonly Partial<CompletionItem>[]> {
  const found: Partial<CompletionItem>[] = [];
  const all = items.map(async (item, at) => {
    const answer = await checker.workspace.follow('completionItem/resolve', item, patience);
    const { detail, documentation } = answer as { detail?: string; documentation?: { value: string } | string };
    const text = typeof documentation === 'string' ? documentation : documentation?.value;
    found[at] = {
      ...(detail && { signature: plainSignature(detail) }),
      ...(text && { documentation: text.length > SNIPPET ? `${text.slice(0, SNIPPET)}…` : text }),
    };
  });
  await Promise.allSettled(all);
  return found;
}

export interface Hover {
  /** TypeScript's line, such as `const n: number`. */
  readonly signature: string;
  /** Markdown. */
  readonly documentation: string;
}

/** What is known of the name at a place, or of the call around it. */
export async function hover(checker: Checker, code: string, cursor: number): Promise<Hover | undefined> {
  // A cursor behind an opening bracket or a comma asks for the function that is called.
  const inCall = /[(,]\s*$/.test(code.slice(0, cursor));
  if (inCall) return (await signatureHelp(checker, code, cursor)) ?? (await hoverAt(checker, code, cursor));
  const onName = await hoverAt(checker, code, cursor);
  if (onName) return onName;
  const before = cursor > 0 ? await hoverAt(checker, code, cursor - 1) : undefined;
  return before ?? (await signatureHelp(checker, code, cursor));
}

async function hoverAt(checker: Checker, code: string, cursor: number): Promise<Hover | undefined> {
  const answer = (await ask(checker, code, cursor, 'textDocument/hover', {})) as { contents: { value: string } } | null;
  const match = /^```\w*\n([\s\S]*?)\n```\n?([\s\S]*)$/.exec(answer?.contents.value ?? '');
  // A name that nobody has declared is a bare `any` to the server: nothing is known of it.
  if (!match || match[1] === 'any') return undefined;
  return { signature: plainSignature(match[1]!), documentation: match[2]!.trim() };
}

interface SignatureAnswer {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: { readonly value: string } | string;
    readonly parameters?: readonly {
      readonly label: string | readonly [number, number];
      readonly documentation?: { readonly value: string };
    }[];
    readonly activeParameter?: number;
  }[];
  readonly activeSignature?: number;
  readonly activeParameter?: number;
}

async function signatureHelp(checker: Checker, code: string, cursor: number): Promise<Hover | undefined> {
  const answer = (await ask(checker, code, cursor, 'textDocument/signatureHelp', {})) as SignatureAnswer | null;
  const active = answer?.signatures[answer.activeSignature ?? 0];
  if (!answer || !active) return undefined;
  const { documentation, parameters = [], activeParameter = 0 } = active;
  const parameter = parameters[activeParameter];
  const name =
    typeof parameter?.label === 'string' ? parameter.label : parameter && active.label.slice(...parameter.label);
  const others = answer.signatures.filter((one) => one !== active).map(({ label }) => label);
  const text = typeof documentation === 'string' ? documentation : (documentation?.value ?? '');
  return {
    signature: [active.label, ...others].join('\n'),
    documentation: [
      ...(name ? [`Now: \`${name}\`${parameter?.documentation ? ` — ${parameter.documentation.value}` : ''}`] : []),
      ...(text ? [text] : []),
    ].join('\n\n'),
  };
}

/** A call as it may be written. */
export interface Signature {
  readonly label: string;
  /** The parameter that the cursor is at, as a part of the label. */
  readonly active: readonly [start: number, end: number] | undefined;
}

/** The call around a place. */
export async function signatureAt(checker: Checker, code: string, cursor: number): Promise<Signature | undefined> {
  const answer = (await ask(checker, code, cursor, 'textDocument/signatureHelp', {})) as SignatureAnswer | null;
  const signature = answer?.signatures[answer.activeSignature ?? 0];
  if (!answer || !signature) return undefined;
  const { label, parameters = [] } = signature;
  const place = parameters[signature.activeParameter ?? answer.activeParameter ?? 0]?.label;
  if (typeof place !== 'string') return { label, active: place };
  const start = label.indexOf(place);
  return { label, active: start < 0 ? undefined : [start, start + place.length] };
}

/** Without what only tells how the name got here. */
function plainSignature(text: string): string {
  return text.replace(/^\((?:alias|property|method|accessor|getter|setter)\) /, '').replace(/\nimport [^\n]*$/, '');
}

async function ask(checker: Checker, code: string, cursor: number, method: string, extra: object): Promise<unknown> {
  const names = cellNamesAt(code, cursor);
  // Names that the word before the cursor may become count as mentioned: so the server knows them.
  const word = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(code.slice(0, cursor))?.[0].toLowerCase();
  const meant = word ? [...checker.index.names().keys()].filter((name) => name.toLowerCase().startsWith(word)) : [];
  const mentions = new Set([...names.mentions, ...meant.slice(0, MEANT)]);
  const draft = checker.draft({ ...names, mentions });
  const { line, character } = positionAt(lineStarts(code), cursor);
  // The generated line comes first.
  const position = { line: line + 1, character };
  return checker.workspace.ask('ask', draft, method, { position, ...extra }, checker.askPatience);
}

function offsetOf(code: string, { line, character }: Position): number {
  return (lineStarts(code)[line - 1] ?? 0) + character;
}
