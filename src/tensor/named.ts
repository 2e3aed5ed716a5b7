// Errors of operations, told so that a person can mend them: each names the operation and what it was given. Those of kernels say so
// themselves (failures.ts); what tfjs checks before a kernel often does not.
import type { Tensor } from '@tensorflow/tfjs-core';
import { outOfMemory } from './failures.ts';
import { core } from './packages.ts';
import { NotRecordable } from './trace/current.ts';

type Operation = (...given: unknown[]) => unknown;

/** What tfjs does not call operations: some that make tensors, and those that give a promise. */
const others =
  `eye linspace ones range zeros booleanMaskAsync inTopKAsync nonMaxSuppressionAsync nonMaxSuppressionPaddedAsync
nonMaxSuppressionWithScoreAsync setdiff1dAsync whereAsync`.split(/\s+/);

const spaces = ['fused', 'image', 'linalg', 'losses', 'math', 'signal', 'sparse', 'spectral', 'string'] as const;

/** Puts a naming form of every operation in its place. Called once, before anything takes one of them. */
export function nameOperations(): void {
  for (const space of [core, ...spaces.map((name) => core[name])]) {
    const operations = space as unknown as Record<string, Operation>;
    for (const [name, operation] of Object.entries(operations))
      if (typeof operation === 'function' && (operation.name.endsWith('__op') || others.includes(name)))
        operations[name] = naming(name, operation);
  }
}

function naming(name: string, operation: Operation): Operation {
  const own = (...given: unknown[]): unknown => {
    try {
      return operation(...given);
    } catch (error) {
      throw named(error, name, given);
    }
  };
  const awaited = (...given: unknown[]): unknown =>
    (own(...given) as Promise<unknown>).catch((error) => {
      throw named(error, name, given);
    });
  return Object.defineProperty(name.endsWith('Async') ? awaited : own, 'name', { value: operation.name });
}

/** Told already, by an operation within. */
const told = new WeakSet<Error>();

/** The error of an operation with its name and what came, where it does not say so. */
export function named(error: unknown, name: string, given: readonly unknown[]): unknown {
  if (!(error instanceof Error) || error instanceof NotRecordable) return error;
  if (told.has(error)) {
    if (!namingOf(name).test(error.message)) error.message = `${name}: ${error.message}`;
    return error;
  }
  told.add(error);
  const slip =
    error instanceof TypeError && !given.some((one) => typeof one === 'function') && slips.exec(error.message);
  if (slip) {
    error.message = `${name}: an argument is missing or of a wrong kind (${slip[0]}); got ${list(given)}`;
    return error;
  }
  let message = outOfMemory(error) ?? error.message;
  if (!namingOf(name).test(message)) message = `${name}: ${message}`;
  const tensors = tensorsIn(given);
  const said = tensors.length > 0 ? tensors.some((tensor) => saysShape(message, tensor)) : /\bgot\b/i.test(message);
  const came = said ? '' : list(given);
  error.message = came ? `${message}${message.endsWith('.') ? ' Got' : '; got'} ${came}` : message;
  return error;
}

/** What JavaScript says of an argument that is not what tfjs takes it for. */
const slips =
  /(Cannot (read|convert|mix)|Unexpected \w+ value|The first argument must be|Do not know how)[^;]*|[^\s;]+ is not (a function|iterable)[^;]*/;

const list = (given: readonly unknown[]): string => given.map(brief).join(', ') || 'nothing';

/** Where a message names an operation: before a colon (as a kernel's, too), in quotes, called, or after "in", "to", "for". */
const namingOf = (name: string): RegExp =>
  new RegExp(`^\\w*${name}\\w*:|['"]${name}\\w*['"]|\\b(in|to|for|of) (tf\\.)?${name}\\b|\\b${name}\\(`, 'i');

const saysShape = (message: string, { shape }: Tensor): boolean =>
  message.includes(`[${shape}]`) || (shape.length > 1 && message.includes(shape.join(',')));

function tensorsIn(given: readonly unknown[]): Tensor[] {
  return given.flatMap((one) => {
    if (one instanceof core.Tensor) return [one];
    if (Array.isArray(one)) return one.length > 100 ? [] : tensorsIn(one);
    return isPlain(one) ? tensorsIn(Object.values(one)) : [];
  });
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** An argument in a few words. */
function brief(value: unknown): string {
  if (value instanceof core.Tensor) return `${value.dtype} [${value.shape}]`;
  if (Array.isArray(value)) return value.length > 8 ? `a list of ${value.length}` : `[${value.map(brief).join(', ')}]`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}`;
  if (isPlain(value))
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${name}: ${brief(one)}`)
      .join(', ')} }`;
  return typeof value === 'string'
    ? JSON.stringify(value.slice(0, 40))
    : typeof value === 'function'
      ? 'a function'
      : String(value);
}
