// Checkpoints in a folder: `step-000000500/state.json` beside `tensors.bin`. Each is written whole under another name and then renamed, so
// that one which is there is whole, whenever the process was killed.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { RandomState } from '../tensor/random/seeds.ts';
import { tf } from './tensorflow.ts';

/** What a checkpoint holds beside tensors. */
export interface CheckpointState {
  readonly version: 1;
  /** The epoch that was under way, from 0, and the batches of it that were done. */
  readonly epoch: number;
  readonly batch: number;
  /** Steps since the training's beginning. */
  readonly step: number;
  /** Names of the model's weights, in its order; their values are the tensors `weights/0`, … */
  readonly weights: readonly string[];
  readonly optimizer: { readonly className: string; readonly numbers: Record<string, number> };
  readonly random: RandomState;
  /** The session's randomness at the beginning of each epoch since the training's beginning. */
  readonly epochs: readonly RandomState[];
  /** Calls of dropout layers with seeds of their own, by the layers' names. */
  readonly dropouts: Record<string, number>;
  /** Means of loss and metrics over the batches done of the epoch, in their order. */
  readonly means: readonly number[];
}

export interface Saved {
  readonly state: CheckpointState;
  /** To be disposed by whoever reads. */
  readonly tensors: Record<string, Tensor>;
}

const form = /^step-(\d{9,})$/;
const nameOf = (step: number): string => `step-${String(step).padStart(9, '0')}`;

/** Steps that a folder has checkpoints of, ascending. */
export async function stepsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => form.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
}

/** Writes one and removes all but the last `keep`. */
export async function writeCheckpoint(folder: string, { state, tensors }: Saved, keep: number): Promise<void> {
  const { data, specs } = await tf.io.encodeWeights(
    Object.entries(tensors).map(([name, tensor]) => ({ name, tensor })),
  );
  const place = join(folder, `.${nameOf(state.step)}-${randomUUID().slice(0, 8)}`);
  await mkdir(place, { recursive: true });
  try {
    await writeFile(join(place, 'tensors.bin'), new Uint8Array(data as ArrayBuffer));
    await writeFile(join(place, 'state.json'), JSON.stringify({ ...state, tensors: specs }));
    await remove(folder, state.step);
    await rename(place, join(folder, nameOf(state.step)));
  } catch (error) {
    await rm(place, { recursive: true, force: true });
    throw error;
  }
  for (const step of (await stepsIn(folder)).slice(0, -keep)) await remove(folder, step);
}

/** Reads the newest. @throws Error when the folder has none, or one that can't be read. */
export async function readCheckpoint(folder: string): Promise<Saved> {
  const step = (await stepsIn(folder)).at(-1);
  if (step === undefined) throw new Error(`checkpoint: ${folder} has no checkpoint`);
  const place = join(folder, nameOf(step));
  try {
    const { tensors: specs, ...state } = JSON.parse(await readFile(join(place, 'state.json'), 'utf8'));
    if (state.version !== 1) throw new Error(`its version must be 1, got ${state.version}`);
    const bytes = new Uint8Array(await readFile(join(place, 'tensors.bin')));
    return { state, tensors: tf.io.decodeWeights(bytes.buffer, specs) };
  } catch (error) {
    throw new Error(`checkpoint: ${place} can't be read: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** Removes all of a folder's checkpoints, those that were never finished included. */
export async function removeCheckpoints(folder: string): Promise<void> {
  for (const step of await stepsIn(folder)) await remove(folder, step);
  await removeUnfinished(folder);
}

/** What a killed process has left half written. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\.step-\d+-[\da-f]{8}$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

const remove = (folder: string, step: number): Promise<void> =>
  rm(join(folder, nameOf(step)), { recursive: true, force: true });
