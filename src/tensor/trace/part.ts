// A part of a recording that is recorded apart: the body of a loop. What it takes from the recording around it becomes its inputs.
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { recording, recordingAs } from './current.ts';
import { makeRecorder, type Recorder } from './recorder.ts';

/** The engine's members that a part needs for itself. */
interface Internals {
  backendInstance: KernelBackend;
  readonly state: { activeTape: unknown; gradientDepth: number; kernelDepth: number };
}

/** Parts that are being recorded. */
const open = new Set<Recorder>();

/** Whether data is that of a part. */
export function isOfPart(dataId: object): boolean {
  for (const part of open) if (part.owns(dataId)) return true;
  return false;
}

/**
 * Records a part of the recording under way: all of its tensors are gone afterwards, so `fn` must note what is recorded of them. No tape
 * of the outside sees it. Its owner disposes of it.
 */
export function recordPart(fn: (part: Recorder) => void): Recorder {
  const engine = core.engine() as unknown as Internals;
  const { backendInstance, state } = engine;
  const { activeTape, gradientDepth, kernelDepth } = state;
  const { precision, xla } = recording() as Recorder;
  const part = makeRecorder(precision, xla);
  open.add(part);
  Object.assign(state, { activeTape: null, gradientDepth: 0, kernelDepth: 0 });
  engine.backendInstance = part;
  let failed = true;
  try {
    recordingAs(part, () => core.tidy(() => void fn(part)));
    failed = false;
    return part;
  } finally {
    engine.backendInstance = backendInstance;
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
    open.delete(part);
    if (failed) part.dispose();
  }
}

/** Parts that an interrupt has left open. */
export const forgetParts = (): void => open.clear();
