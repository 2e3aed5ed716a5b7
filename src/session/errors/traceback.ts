// A failure of the person's code → what they read: the error, their lines, an arrow. Never throws, whatever was thrown.
import { inspect, types } from 'node:util';
import type { CellError } from '../types.ts';
import { inputsOf, type TensorForm } from './failed-inputs.ts';
import { type FailedCall, failedCall } from './operands.ts';
import type { Origin } from './sources.ts';
import { type Frame, framesOf, isOfTensors } from './stack.ts';
import { CellSyntaxError, codeFrame, type Mark, placeOf } from './syntax-error.ts';

/** Frames told of one error, the rest counted: a deep recursion says the same thing a thousand times. */
const FRAMES = 8;
/** Errors told below the thrown one: its `cause`, the cause of that, the errors of an AggregateError. */
const CAUSES = 6;
/** Longest message told, in UTF-16 units: an assertion may print a whole data set. */
const MESSAGE = 10_000;

const paint = (code: string) => (text: string) => (text === '' ? '' : `\x1b[${code}m${text}\x1b[0m`);
const red = paint('31;1');
const cyan = paint('36');
const green = paint('32');
const dim = paint('2');

/** Draws what a cell threw. `traceback` has one line an element, with ANSI colours. */
export function cellError(thrown: unknown): CellError {
  const { name, message } = headOf(thrown);
  try {
    return { name, message, traceback: draw(thrown, '', new Set()) };
  } catch {
    // A value that fights being looked at: its head, which was read with care, has to do.
    return { name, message, traceback: [`${red(name)}: ${message}`] };
  }
}

function draw(thrown: unknown, lead: string, seen: Set<unknown>): string[] {
  seen.add(thrown);
  const { name, message } = headOf(thrown);
  const [first, ...rest] = message.split('\n');
  const head = `${lead}${red(name)}${first === '' && rest.length === 0 ? '' : `: ${first}`}`;
  const lines = [head, ...rest];
  if (thrown instanceof CellSyntaxError) {
    lines.push(`    at ${cyan(`${thrown.label ?? 'cell'}:${thrown.line}:${thrown.column}`)}`);
    lines.push(...thrown.frame.split('\n').map(paintCode));
  } else if (isObject(thrown))
    lines.push(...drawFrames(framesIn(thrown), isOfTensors(thrown) ? inputsOf(thrown) : undefined), ...hint(message));
  if (seen.size > CAUSES || !isObject(thrown)) return lines;
  const cause = read(thrown, 'cause');
  if (cause !== undefined && !seen.has(cause)) lines.push(...draw(cause, dim('Caused by '), seen));
  const errors = read(thrown, 'errors');
  if (!Array.isArray(errors)) return lines;
  for (const [index, error] of errors.entries()) {
    if (seen.size > CAUSES) {
      lines.push(dim(`… and ${errors.length - index} more errors`));
      break;
    }
    if (!seen.has(error)) lines.push(...draw(error, dim(`[${index}] `), seen));
  }
  return lines;
}

/** What to do about a package that is not there. */
function hint(message: string): string[] {
  const name = /^Cannot find (?:package|module) '((?:@[^/\s']+\/)?[^./\s'][^/\s']*)/.exec(message)?.[1];
  return name === undefined ? [] : [dim(`    %npm install ${name} installs it beside the notebook`)];
}

/** `came`: what an operation on tensors was given; the operands are then told under the person's innermost line. */
function drawFrames(frames: readonly Frame[], came: readonly TensorForm[] | undefined): string[] {
  const lines: string[] = [];
  const own = frames.filter((frame) => frame.origin !== undefined);
  // Frames of packages above the person's first line say where in the package; those between say little.
  const first = frames.indexOf(own[0]!);
  const shown = own.length === 0 ? frames.slice(0, FRAMES) : [...frames.slice(Math.max(0, first - 3), first), ...own];
  for (const frame of shown.slice(0, FRAMES)) {
    const { origin } = frame;
    // The body of a cell has no name, and that it waited is no news.
    const isNamed = frame.call !== '' && frame.call !== 'async' && !frame.call.endsWith('<anonymous>');
    const name = isNamed ? ` ${dim('in')} ${green(frame.call)}` : '';
    if (origin === undefined) {
      lines.push(dim(`    at ${shorten(frame.location)}${frame.call === '' ? '' : ` in ${frame.call}`}`));
      continue;
    }
    lines.push(`    at ${cyan(frame.location)}${name}`);
    const isInnermost = frame === own[0];
    const around = isInnermost ? ([2, 2] as const) : ([0, 0] as const);
    const call = isInnermost && came !== undefined ? failedCall(origin, came) : undefined;
    lines.push(...codeFrame(origin.code, origin.line, marksOf(call, origin), around).map(paintCode));
    if (call !== undefined) lines.push(...operandLine(call));
  }
  if (shown.length > FRAMES) lines.push(dim(`    … and ${shown.length - FRAMES} more calls`));
  return lines;
}

/** The operands that stand in the line. */
function marksOf(call: FailedCall | undefined, { code, line }: Origin): Mark[] {
  return (call?.operands ?? []).flatMap(({ start, text }) => {
    const place = placeOf(code, start);
    return place.line === line ? [{ column: place.column, length: text.length }] : [];
  });
}

/** `matMul: a is float32 [2, 3], b is float32 [4, 5]`. */
function operandLine({ name, operands }: FailedCall): string[] {
  const known = new Map(operands.flatMap(({ text, tensor }) => (tensor === undefined ? [] : [[text, tensor]])));
  if (known.size === 0) return [];
  return [`    ${name}: ${[...known].map(([text, tensor]) => `${green(text)} is ${tensor}`).join(', ')}`];
}

function paintCode(line: string): string {
  const [, gutter = '', text = ''] = /^(.*?\|)(.*)$/s.exec(line) ?? [];
  if (gutter.startsWith('--->')) return `${green(gutter)}${text}`;
  return text.trim().startsWith('^') && !/\d/.test(gutter) ? `${dim(gutter)}${red(text)}` : `${dim(gutter)}${text}`;
}

/** A package's path from its own name on. */
function shorten(location: string): string {
  const at = location.lastIndexOf('/node_modules/');
  return at === -1 ? location : location.slice(at + '/node_modules/'.length);
}

function headOf(thrown: unknown): { name: string; message: string } {
  if (isObject(thrown) && (types.isNativeError(thrown) || looksLikeError(thrown))) {
    return { name: nameOf(thrown), message: cut(text(read(thrown, 'message'))) };
  }
  return { name: 'Uncaught', message: cut(safeInspect(thrown)) };
}

/** An error's name; that of its class when it has only inherited `Error`. */
function nameOf(error: object): string {
  const name = text(read(error, 'name')) || 'Error';
  if (name !== 'Error') return name;
  const maker = read(error, 'constructor');
  const own = typeof maker === 'function' ? text(read(maker, 'name')) : '';
  return /^[A-Z]/.test(own) && own !== 'Object' ? own : name;
}

function looksLikeError(value: object): boolean {
  return typeof read(value, 'message') === 'string' && typeof read(value, 'stack') === 'string';
}

function framesIn(thrown: object): readonly Frame[] {
  try {
    return framesOf(thrown).filter((frame) => !frame.isInternal);
  } catch {
    // `stack` is a getter that throws, or a proxy's trap does: then there are no frames to tell.
    return [];
  }
}

/** A property, or `undefined` when reading it throws: the person's code stands behind getters and proxies. */
function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : safeInspect(value);
}

function safeInspect(value: unknown): string {
  try {
    return inspect(value, { depth: 2, breakLength: 100 });
  } catch {
    return `a ${typeof value} that cannot be shown`;
  }
}

function cut(message: string): string {
  return message.length <= MESSAGE ? message : `${message.slice(0, MESSAGE)}… (${message.length} characters)`;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
