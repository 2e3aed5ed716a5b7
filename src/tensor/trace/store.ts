// Stores what a finished step has made, as a whole: an interrupt may cut off JavaScript anywhere, and must never leave some variables of
// this step and some of the one before.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { onReset } from '../scopes.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import type { EagerValue } from '../tensorflow/values.ts';
import type { Effect } from './current.ts';

export interface Update {
  readonly tensor: Tensor;
  /** Its new value, which the tensor takes over. */
  readonly value: EagerValue;
}

/** What is being stored. It bears to be done twice. */
let pending: (() => void) | undefined;

onReset(() => pending?.());

/** Gives variables the values that a number of steps have made, and JavaScript its changes (see `Recording.effect`). */
export function store(backend: HandleBackend, updates: readonly Update[], effects: readonly Effect[], steps = 1): void {
  const exchanged: { readonly held: EagerValue; readonly value: EagerValue }[] = [];
  for (const { tensor, value } of updates) {
    const held = backend.own(tensor.dataId);
    if (held) exchanged.push({ held, value });
    else assign(backend, tensor, value);
  }
  const old = exchanged.map(({ held }) => held.handle);
  const changes = effects.map((prepare) => prepare(steps));
  pending = () => {
    for (const { held, value } of exchanged) held.handle = value.handle;
    for (const change of changes) change();
    pending = undefined;
  };
  pending();
  for (const handle of old) backend.values.freeHandle(handle);
}

/** Where other tensors share a tensor's data, which stays theirs: what `Variable.assign` does. */
function assign(backend: HandleBackend, tensor: Tensor, value: EagerValue): void {
  const engine = core.engine() as unknown as {
    makeTensorFromDataId: (dataId: object, shape: number[], dtype: string, backend: HandleBackend) => Tensor;
    disposeTensor(tensor: Tensor): void;
    incRef(tensor: Tensor, backend: HandleBackend | null): void;
  };
  const { dataId, shape, dtype } = backend.give(value);
  const made = engine.makeTensorFromDataId(dataId, shape, dtype, backend);
  engine.disposeTensor(tensor);
  tensor.dataId = dataId;
  engine.incRef(tensor, null);
  made.dispose();
}
