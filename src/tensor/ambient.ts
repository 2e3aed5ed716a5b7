// What a session has of tensors before any cell speaks of them: the name `tf`, and calls that do nothing until it is loaded. Small,
// since every start pays for it.
import type { TrainingMonitor } from '../plot/monitor.ts';
import type { Ambient, TensorTools } from '../session/parts.ts';
import type { JitOptions, JitStats } from './jit/types.ts';

/** `tf`, made at its first mention in a cell. */
export const tensorAmbient: Ambient = {
  name: 'tf',
  load: async () => (await import('./load.ts')).loadAside(),
};

/** What magics ask of the tensors. */
export const tensorTools: Omit<TensorTools, 'profile'> = {
  backends: async () => (await import('./switch.ts')).currentStates(),
  use: async (backend) => (await import('./switch.ts')).switchBackend(backend),
  memory: async (values) => (await import('./holdings.ts')).memoryReport(values),
};

let prepared: true | Promise<void> | undefined;

/**
 * Imports the session's tensor modules (10 ms), but not TensorFlow.js itself (70 ms more, at its first use): a CommonJS `require` of
 * it can't wait for them. `undefined` when they are there.
 */
export function prepareTensors(): Promise<void> | undefined {
  prepared ??= import('./load.ts').then(() => {
    prepared = true;
  });
  return prepared === true ? undefined : prepared;
}

/** What the loaded half of this folder does for the session. */
interface Loaded {
  resetScopes(): void;
  pressure(): boolean;
  collect(): Promise<void>;
  memory(): { readonly tensors: number; readonly bytes: number };
  readonly compiler: Compiler;
}

/** What is behind `jit`. */
export interface Compiler {
  // biome-ignore lint/suspicious/noExplicitAny: a user's function.
  compile(fn: (...values: any[]) => unknown, options: JitOptions): (...values: unknown[]) => unknown;
  stats(): JitStats[];
}

let loaded: Loaded | undefined;

/** Called when TensorFlow.js is loaded. */
export function tensorsLoaded(half: Loaded): void {
  loaded = half;
}

/** None before TensorFlow.js is loaded. */
export const compiler = (): Compiler | undefined => loaded?.compiler;

/** Brings tensors to rest after an interrupt: scopes, gradient tapes and trainings that it left open. */
export function closeTensors(): void {
  loaded?.resetScopes();
}

/** Asked at each `await`: frees the memory of lost tensors when there is much of it. */
export function freeTensors(): Promise<void> | undefined {
  return loaded?.pressure() ? loaded.collect() : undefined;
}

type MakeMonitor = (shown: boolean) => TrainingMonitor | undefined | Promise<TrainingMonitor>;

let makeMonitor: MakeMonitor | undefined;

/** Has every training from now on heard by a monitor made for it, which does not show one that is not to be shown. */
export function showTraining(make: MakeMonitor): void {
  makeMonitor = make;
}

/** The monitor of a training that begins; none where nobody watches. */
export function trainingMonitor(shown: boolean): ReturnType<MakeMonitor> {
  return makeMonitor?.(shown);
}

/** Tensors alive and their bytes; nothing before TensorFlow.js is loaded. */
export const tensorMemory = (): { tensors?: number; bytes?: number } => loaded?.memory() ?? {};
