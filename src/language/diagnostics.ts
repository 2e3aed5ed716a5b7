// What the server finds wrong with a cell → what is told of it, at its place in the cell. Pure.
import type { CellIndex, Draft } from './cell-index.ts';
import { MODULE_PREFIX } from './cell-index.ts';
import type { CellNames } from './cell-names.ts';
import type { Position } from './workspace.ts';

/** An error of types; `start` and `end` are UTF-16 offsets into the cell. */
export interface Fault {
  /** TypeScript's number, such as 2322. */
  readonly code: number;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Findings {
  readonly errors: readonly Fault[];
  /** Packages that are imported and bring no types; `npm:` imports of which none are known. */
  readonly untyped: readonly string[];
}

/** What counts beside the answer itself. */
export interface Context {
  readonly index: CellIndex;
  /** Whether the person's own tsconfig.json says how strict to be. */
  readonly ownConfig: boolean;
  /** Whether a name is there that no module tells of. */
  readonly isKnown: (name: string) => boolean;
}

interface Diagnostic {
  readonly code?: number;
  readonly severity?: number;
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

/** Below this number are errors of grammar: the parser that the cell runs by is the judge of those. */
const GRAMMAR = 2000;
/** Errors of grammar that are none: a type used as a value. */
const KEPT = new Set([1361, 1362]);

/** Errors of style, and what only the run can tell. */
const DROPPED = new Set(
  [
    // A module that is not found, or brings no types: its import fails by itself, or works.
    [2307, 2354, 2732, 2792, 2875, 2882, 7016, 7026],
    // A new property of the global object.
    [7017],
    // An operand without effect, a condition that is always so; what is unused or can't be reached.
    [2695, 2839, 2869, 2872, 2873, 2881],
    [6133, 6138, 6192, 6196, 6198, 6199, 6205, 7027, 7028, 7029, 7030],
    // Declared twice in one cell: what may be, the parser knows.
    [2323, 2403, 2484, 2528],
  ].flat(),
);

/**
 * What `strict` wants written down although nothing fails without: types of parameters and of what is looked up by a key (7005 and on,
 * 2683), first values of fields (2564) and variables (2454). A notebook is typed as one thinks, and much is pasted from JavaScript, so
 * without a tsconfig.json only what is wrong whatever is written down is told.
 */
function isFormality(code: number, message: string, cell: string, start: number, end: number): boolean {
  if (code === 2683 || code === 2564) return true;
  const text = cell.slice(start, end);
  if (code === 2454) return mayBeAssigned(text, cell);
  // A key that is not there is told as a member is, except where an object is a dictionary to be filled.
  if (code === 7053) return !/\n\s*Property '.*' does not exist on type '(?!\{\}'|typeof globalThis')/.test(message);
  if (code === 7015) return !/^['"`]/.test(text);
  return code !== 7052 && code >= 7005 && code <= 7061;
}

/** Whether a cell gives a variable a value anywhere; TypeScript does not see those of functions that have been called meanwhile. */
function mayBeAssigned(name: string, cell: string): boolean {
  const target = `(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`;
  // `x = `, `x ??= `, `for (x of …)`, and as a part of a pattern.
  return new RegExp(`${target}\\s*(?:(?:\\?\\?)?=(?![=>])|(?:of|in)\\b|[,}\\]][^;\\n]*[}\\]]\\)?\\s*=(?![=>]))`).test(
    cell,
  );
}

/** "Cannot find name", with the advice that TypeScript has for some. */
const isUnknownName = (code: number) =>
  code === 2304 || code === 2552 || (code >= 2580 && code <= 2593) || code === 2867 || code === 2868 || code === 2503;

/** `const x = f(x)`: used before its declaration, or of a type that leads to itself. Where an earlier cell has the name, its value is meant. */
const OLDER_VALUE = new Set([2448, 2449, 7022]);

const TENSOR = String.raw`(?:\w+\.)?(?:Scalar|Tensor\dD|Tensor<(?:\w+\.)?Rank(?:\.R\d)?>)`;
const RANKS = new RegExp(
  `^(?:T|Argument of t)ype '(${TENSOR})' is not assignable to (?:parameter of )?type '${TENSOR}'`,
);

/**
 * Ranks that do not match and do no harm: a tensor of unknown rank may be of the wanted one, and a variable may take a tensor of
 * another rank than its first one's.
 */
function isHarmlessRank(message: string, code: string, start: number, end: number): boolean {
  const given = RANKS.exec(message)?.[1];
  if (given === undefined) return false;
  return /Rank>$/.test(given) || (/^[\w$]+$/.test(code.slice(start, end)) && /^\s*=(?!=)/.test(code.slice(end)));
}

/** What later cells call an import that is a constant or a function there. */
const ASSIGNED_IMPORT = 2632;

export function readDiagnostics(
  answer: unknown,
  { names, text }: Draft,
  { index, ownConfig, isKnown }: Context,
): Findings {
  const { items } = answer as { items: readonly Diagnostic[] };
  const errors: Fault[] = [];
  const untyped: string[] = [];
  const lines = lineStarts(text);
  const first = lines[1] ?? 0;
  for (const { code = 0, severity = 1, message, range } of items) {
    const start = offsetAt(lines, range.start) - first;
    const end = offsetAt(lines, range.end) - first;
    if (severity !== 1 || start < 0 || start > names.plain.length) continue;
    if (code === 7016 || code === 2307) untyped.push(...packageIn(message));
    if ((code < GRAMMAR && !KEPT.has(code)) || DROPPED.has(code)) continue;
    if (!ownConfig && isFormality(code, message, names.plain, start, end)) continue;
    if (isHarmlessRank(message, names.plain, start, end)) continue;
    if (code === 2454 && keepsValue(names.plain.slice(start, end), names.plain, index)) continue;
    if (OLDER_VALUE.has(code) && index.names().has(names.plain.slice(start, end))) continue;
    if (isUnknownName(code) && isKnownAfterAll(names, start, end, isKnown)) continue;
    errors.push({ code, message: tidy(code, message, index), start, end: Math.min(end, names.plain.length) });
  }
  errors.sort((one, other) => one.start - other.start);
  return { errors, untyped };
}

/** `var x;` leaves what an earlier cell has given it. */
function keepsValue(name: string, cell: string, index: CellIndex): boolean {
  return index.names().has(name) && new RegExp(`\\bvar\\s[^;=]*${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(cell);
}

/** Names that are there without a declaration: Node's own of this version, those that a cell has given the global object. */
function isKnownAfterAll(
  { plain, globals }: CellNames,
  start: number,
  end: number,
  isKnown: (name: string) => boolean,
): boolean {
  const name = plain.slice(start, end);
  return name in globalThis || globals.has(name) || isKnown(name) || /\btypeof\s+$/.test(plain.slice(0, start));
}

function packageIn(message: string): string[] {
  const name = /^(?:Could not find a declaration file for|Cannot find) module '([^'./][^']*)'/.exec(message)?.[1];
  if (name?.startsWith('npm:'))
    return /^npm:\/?(?:@[\w.~-]+\/)?\w[\w.~-]*(?:@[^/:]+)?(?:\/.*)?$/.test(name) ? [name] : [];
  if (name === undefined || message.startsWith('Cannot')) return [];
  return [name.split('/', name.startsWith('@') ? 2 : 1).join('/')];
}

/** Paths of generated modules mean nothing to a person. */
function tidy(code: number, message: string, index: CellIndex): string {
  const plain = message.replace(new RegExp(`import\\("[^"]*/${MODULE_PREFIX}\\w*"\\)\\.`, 'g'), '');
  const name = code === ASSIGNED_IMPORT ? /'([^']*)'/.exec(plain)?.[1] : undefined;
  if (name === undefined || !index.names().has(name)) return plain;
  return `Cannot assign to '${name}' because it is not a variable: an earlier cell declared it as a constant, a function or an import.`;
}

/** Offset of each line's first character, as the protocol counts lines. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return starts;
}

export function offsetAt(lines: readonly number[], { line, character }: Position): number {
  return (lines[Math.min(line, lines.length - 1)] ?? 0) + character;
}

export function positionAt(lines: readonly number[], offset: number): Position {
  let line = lines.length - 1;
  while (line > 0 && lines[line]! > offset) line--;
  return { line, character: offset - lines[line]! };
}
