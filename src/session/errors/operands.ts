// What went into the call at which an operation on tensors failed: the operands in the person's own words, and what they are.
import type { CallExpression, Node } from 'oxc-parser';
import { dataProperty, type Found, peekMember } from '../../display/peek.ts';
import { shapeText } from '../../display/tensor-line.ts';
import { parse } from '../rewrite/parser.ts';
import type { Rewritten } from '../rewrite/rewrite.ts';
import { analyze } from '../rewrite/walk.ts';
import type { TensorForm } from './failed-inputs.ts';
import { originalPlace } from './source-map.ts';
import type { Origin } from './sources.ts';
import { offsetOf, placeOf } from './syntax-error.ts';

export interface Operand {
  /** Its text in the cell. */
  readonly text: string;
  /** Offsets into the cell. */
  readonly start: number;
  readonly end: number;
  /** Such as `float32 [2, 3]`; `undefined` for a variable of a function, which nobody can look into any more. */
  readonly tensor: string | undefined;
}

export interface FailedCall {
  /** What was called: `matMul`. */
  readonly name: string;
  readonly operands: readonly Operand[];
}

type Read = (name: string) => Found | undefined;

let readName: Read = () => undefined;

/** Sets what knows the values of the cells' names. */
export function readOperands(read: Read): void {
  readName = read;
}

/**
 * The call that stands at a place in a cell, if it has operands that are named there. `came` is what the operation was given: it tells
 * of variables that can't be looked at, where it agrees with those that can.
 */
export function failedCall({ cell, code }: Origin, came: readonly TensorForm[] = []): FailedCall | undefined {
  if (cell === undefined) return undefined;
  const { rewritten, offset } = cell;
  const program = parse(rewritten.javascript, 'js').program();
  const call = callAt(program as unknown as Node, offset);
  if (call === undefined) return undefined;
  const outermost = new Set(analyze(program).references.map(({ start }) => start));
  const { callee } = call;
  const parts = [
    ...(callee.type === 'MemberExpression' ? [callee.object as Node] : []),
    ...call.arguments.flatMap(elements),
  ];
  const named = parts.flatMap((node) => operandOf(node, rewritten, code, outermost) ?? []);
  const operands = filled(named, came.map(formText));
  const name =
    callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : undefined;
  return { name: name ?? rewritten.javascript.slice(callee.start, callee.end), operands };
}

function filled(operands: readonly Operand[], came: readonly string[]): readonly Operand[] {
  const agrees = ({ tensor }: Operand, at: number) => tensor === undefined || tensor === came[at];
  if (operands.length !== came.length || !operands.every(agrees)) return operands;
  return operands.map((operand, at) => ({ ...operand, tensor: came[at] }));
}

/** `tf.concat([a, b])`: its operands are those of the list. */
function elements(node: Node): Node[] {
  return node.type === 'ArrayExpression' ? (node.elements.filter((one) => one !== null) as Node[]) : [node];
}

/** The innermost call whose position, as V8 tells it, is `offset`: that of the called name, or of an `await` of it. */
function callAt(node: Node, offset: number): CallExpression | undefined {
  let found: CallExpression | undefined;
  const search = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if (Array.isArray(value)) return value.forEach(search);
    const one = value as Node;
    if (typeof one.type !== 'string' || one.start > offset || one.end <= offset) return;
    if (one.type === 'AwaitExpression' && one.start === offset && one.argument.type === 'CallExpression')
      found = one.argument;
    if (one.type === 'CallExpression') {
      const { callee } = one;
      const at = callee.type === 'MemberExpression' ? callee.property.start : callee.start;
      if (at === offset) found = one;
    }
    for (const child of Object.values(one)) search(child);
  };
  search(node);
  return found;
}

function operandOf(
  node: Node,
  { javascript, mappings }: Rewritten,
  code: string,
  outermost: ReadonlySet<number>,
): Operand | undefined {
  const path = pathOf(node);
  if (path === undefined) return undefined;
  const text = javascript.slice(node.start, node.end);
  const start = offsetOf(code, originalPlace(mappings!, placeOf(javascript, node.start)));
  if (!code.startsWith(text, start)) return undefined;
  const operand = { text, start, end: start + text.length };
  const [root, ...rest] = path;
  if (!outermost.has(node.start)) return { ...operand, tensor: undefined };
  const value = rest.reduce<Found | undefined>((found, name) => found && peekMember(found, name), readName(root!));
  const tensor = value && describe(value.value);
  return tensor === undefined ? undefined : { ...operand, tensor };
}

/** The names of `a`, `a.b.c`; nothing else is an operand that can be looked at without running code. */
function pathOf(node: Node): string[] | undefined {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  const path = pathOf(node.object as Node);
  return path && [...path, node.property.name];
}

function describe(value: unknown): string | undefined {
  const [shape, dtype] = [dataProperty(value, 'shape'), dataProperty(value, 'dtype')];
  if (!Array.isArray(shape) || typeof dtype !== 'string') return undefined;
  return formText({ dtype, shape: shape as number[] });
}

function formText({ dtype, shape }: TensorForm): string {
  return `${dtype} ${shapeText(shape)}`;
}
