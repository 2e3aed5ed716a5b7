// Stacks as the person knows their code: `In[3]:7:9` instead of the code that runs, without the session's own frames.
import { fileURLToPath } from 'node:url';
import { type Origin, sources } from './sources.ts';

/** One call of a stack, innermost first. */
export interface Frame {
  /** The function, as V8 names it: `boom`, `new Model`, `async train`; empty for a cell's own body. */
  readonly call: string;
  /** `In[3]:7:9`, or the path with line and column. */
  readonly location: string;
  /** The text around, where it is the person's own. */
  readonly origin: Origin | undefined;
  /** Whether it is the session's own, or Node's. */
  readonly isInternal: boolean;
}

/** Frames kept by V8 before ours are taken out; its default is 10. */
const DEPTH = 40;
/** TensorFlow.js, wherever it lies: a cell's is always the session's own. */
const TENSORS = /[\\/]node_modules[\\/]@tensorflow[\\/]tfjs/;
const SESSION = fileURLToPath(new URL('../../', import.meta.url));
const SESSION_URL = new URL('../../', import.meta.url).href;

const known = new WeakMap<object, readonly Frame[]>();
const blamed = new WeakMap<object, () => Origin | undefined>();
const ofTensors = new WeakSet<object>();

/** Makes every stack of this process, `error.stack` included, tell the person's own lines. Done once, by the evaluator. */
export function installStacks(): void {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, DEPTH);
  Error.prepareStackTrace = (error, sites) => {
    const frames = framesFrom(sites);
    if (typeof error === 'object' && error !== null) {
      known.set(error, frames);
      if (sites.some((site) => TENSORS.test(site.getFileName() ?? ''))) ofTensors.add(error);
    }
    return [headOf(error), ...frames.map(frameLine)].join('\n    at ');
  };
}

/**
 * Names the person's line that an error is due to, for one whose stack does not pass through their code. The first place told
 * stays; it is looked for when it is read.
 */
export function blame(error: unknown, place: () => Origin | undefined): void {
  if (typeof error === 'object' && error !== null && !blamed.has(error)) blamed.set(error, place);
}

/** The frames of an error; none for what carries no stack. May run a getter of the error, may throw what that throws. */
export function framesOf(error: object): readonly Frame[] {
  const { stack } = error as { stack?: unknown };
  const frames = known.get(error) ?? (typeof stack === 'string' ? parseStack(stack) : []);
  if (frames.some((frame) => frame.origin)) return frames;
  const origin = blamed.get(error)?.();
  if (origin === undefined) return frames;
  const { label, line, column } = origin;
  return [{ call: '', location: `${label}:${line}:${column}`, origin, isInternal: false }];
}

/** Whether an error came out of TensorFlow.js. Known of errors whose stack was made by the hook. */
export function isOfTensors(error: object): boolean {
  return ofTensors.has(error);
}

function frameLine({ call, location }: Frame): string {
  if (call === '' || call === 'async') return `${call} ${location}`.trim();
  return `${call} (${location})`;
}

function framesFrom(sites: readonly NodeJS.CallSite[]): Frame[] {
  const frames = sites.map(frameFrom);
  const outermost = frames.findLastIndex((frame) => frame.origin !== undefined);
  // A stack that never passes through the person's code is left whole: it tells of an error in ours.
  if (outermost === -1) return frames;
  return frames.filter((frame, index) => index <= outermost && !frame.isInternal);
}

function frameFrom(site: NodeJS.CallSite): Frame {
  const text = String(site);
  const file = site.getFileName() ?? undefined;
  const line = site.getLineNumber() ?? 1;
  const column = site.getColumnNumber() ?? 1;
  const origin = file === undefined ? undefined : sources.find(file, { line, column });
  // V8 writes `call (location)`, or the location alone.
  const [, call = '', inner = ''] = /^(.*?) ?\(([^()]*(?:\(.*\))?[^()]*)\)$/.exec(text) ?? [];
  const alone = inner === '';
  const async = alone && text.startsWith('async ') ? 'async' : '';
  const location = alone ? text.slice(async === '' ? 0 : 6) : inner;
  return {
    call: alone ? async : call,
    location: origin ? `${origin.label}:${origin.line}:${origin.column}` : location,
    origin,
    isInternal: isInternal(file),
  };
}

function isInternal(file: string | undefined): boolean {
  // Without a file: a function of the engine, such as `JSON.parse`.
  if (!file) return true;
  return TENSORS.test(file) || file.startsWith('node:') || file.startsWith(SESSION) || file.startsWith(SESSION_URL);
}

/** For stacks that were made before, or by a package's own hook. */
function parseStack(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const match of stack.matchAll(/^ {4}at (?:(.*) \()?(.*?):(\d+):(\d+)\)?$/gm)) {
    const [, call = '', file, line, column] = match;
    if (isInternal(file)) continue;
    const origin = sources.find(file!, { line: Number(line), column: Number(column) });
    const location = origin ? `${origin.label}:${origin.line}:${origin.column}` : `${file}:${line}:${column}`;
    frames.push({ call, location, origin, isInternal: false });
  }
  return frames;
}

function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch (failure) {
    // A name or message that throws, or a proxy: the frames are still worth having.
    return failure instanceof Error ? 'Error' : 'Error (without a readable message)';
  }
}
