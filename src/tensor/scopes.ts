// Brings the engine back to rest after a cell was interrupted: a termination runs no `finally`, so scopes, gradient tapes and kernels
// stay open.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Scope } from './engine.ts';
import { watch } from './memory.ts';
import { core } from './packages.ts';

/** The engine's state as far as an interrupt can leave it open. */
interface OpenState {
  activeScope: Scope | null;
  scopeStack: Scope[];
  activeTape: unknown[] | null;
  gradientDepth: number;
  kernelDepth: number;
  numDataMovesStack: number[];
  profiling: boolean;
}

const resets: (() => void)[] = [];

/** Adds what else has to come to rest with the engine (such as a `fit` that will not go on). */
export function onReset(reset: () => void): void {
  resets.push(reset);
}

/**
 * Closes everything that an interrupt has left open. Disposes nothing: tensors of open scopes are left to the garbage collector, so
 * that what the user holds stays usable. Does nothing before TensorFlow.js is loaded.
 */
export function resetScopes(): void {
  if (!core) return;
  const state = core.engine().state as unknown as OpenState;
  const left: Tensor[] = state.scopeStack.flatMap((scope) => scope.track);
  state.scopeStack = [];
  state.activeScope = null;
  state.activeTape = null;
  state.gradientDepth = 0;
  state.kernelDepth = 0;
  state.numDataMovesStack = [];
  state.profiling = false;
  for (const tensor of left) watch(tensor);
  for (const reset of resets) reset();
}
