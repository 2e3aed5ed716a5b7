// Records what a function of tensors does, without doing it: tfjs's engine works on the recorder meanwhile. Afterwards everything is as
// it was before: variables, counts of tensors, the optimizers' counters.
import type { KernelBackend, Tensor, Variable } from '@tensorflow/tfjs-core';
import { core, layers } from '../packages.ts';
import { onReset } from '../scopes.ts';
import type { GraphValue } from '../tensorflow/graph.ts';
import { NotRecordable, recording, refusal, setRecording } from './current.ts';
import type { LossScale } from './loss-scale.ts';
import { recordedUpdates } from './optimizers.ts';
import { override } from './override.ts';
import { forgetParts, isOfPart } from './part.ts';
import type { Precision } from './precision.ts';
import { makeRecorder, type Recorder } from './recorder.ts';
import { RecurrentLayers } from './recurrent.ts';
import { type Template, templateOf } from './template.ts';

/** What came of a recording. Its owner disposes of the recorder's graph. */
export interface Recorded {
  readonly recorder: Recorder;
  /** How the function's result is put together from `results` again. */
  readonly template: Template;
  readonly results: readonly GraphValue[];
  /** Variables that the function assigned and states of layers, with what they are then; `read` looks the tensor up. */
  readonly changed: readonly { readonly read: () => Tensor; readonly value: GraphValue }[];
  /** Layers that were called. */
  readonly layers: ReadonlySet<object>;
  /** Optimizers that made an update. */
  readonly optimizers: ReadonlySet<object>;
}

/** The engine's members in use, several of which tfjs types as private. */
interface Internals {
  backendInstance: KernelBackend;
  readonly registeredVariables: Readonly<Record<string, Variable>>;
  state: { tensorInfo: WeakMap<object, { backend: KernelBackend }> };
  trackTensor(tensor: Tensor, backend?: KernelBackend): void;
  disposeTensor(tensor: Tensor): void;
  disposeVariable(variable: Variable): void;
  makeVariable(value: Tensor): Variable;
  readSync(dataId: object): unknown;
  read(dataId: object): unknown;
}

/** Puts back what the recording under way has changed of the engine. */
let restore: (() => void) | undefined;

onReset(() => restore?.());

/** In what precision products are computed, and how losses are scaled for it. */
export interface Lowered {
  readonly precision?: Precision;
  readonly scale?: LossScale;
  /** Whether parts may be XLA's; default true. */
  readonly xla?: boolean;
}

/**
 * @param fn called once; given the recorder, from which it makes the tensors it works on.
 * @throws NotRecordable with the reason; whatever `fn` throws.
 */
export function record(fn: (recorder: Recorder) => unknown, { precision, scale, xla }: Lowered = {}): Recorded {
  if (recording()) throw new Error('record: must not be called within a recording');
  const engine = core.engine() as unknown as Internals;
  const recorder = makeRecorder(precision, xla);
  const variables = new Map<Variable, object>();
  for (const variable of Object.values(engine.registeredVariables)) variables.set(variable, variable.dataId);
  const made = new Set<Tensor>();
  const called = new Set<object>();
  const optimizers = new Set<object>();
  const recurrent = new RecurrentLayers();
  const undos = [
    replaceBackend(engine, recorder),
    guardEngine(engine, recorder, made),
    watchLayers(called, recurrent),
    () => recurrent.restore(),
    recordedUpdates(optimizers),
    scale?.record() ?? (() => {}),
  ];
  const changed: { read: () => Tensor; value: GraphValue }[] = [];
  const abandon = () => {
    restore = undefined;
    setRecording(undefined);
    forgetParts();
    for (const tensor of made) if (!tensor.isDisposed) tensor.dispose();
    for (const [variable, dataId] of variables) putBack(engine, variable, dataId);
    for (const undo of undos.reverse()) undo();
  };
  restore = abandon;
  setRecording(recorder);
  let failed = true;
  try {
    const result = core.tidy(() => fn(recorder) as Tensor);
    const { template, tensors } = templateOf(
      result,
      (tensor) => !(tensor instanceof core.Variable) && recorder.owns(tensor.dataId),
    );
    const refused = refusal();
    if (refused) throw refused;
    const results = tensors.map((tensor) => recorder.recorded(tensor));
    for (const tensor of tensors) tensor.dispose();
    const masks = recurrent.made();
    for (const tensor of made)
      if (!tensor.isDisposed && !masks.includes(tensor))
        throw new NotRecordable('it keeps a tensor that it makes (tf.keep)', true);
    for (const [variable, dataId] of variables)
      if (variable.dataId !== dataId) changed.push({ read: () => variable, value: recorder.recorded(variable) });
    changed.push(...recorder.carried);
    failed = false;
    return { recorder, template, results, changed, layers: called, optimizers };
  } finally {
    abandon();
    if (failed) recorder.dispose();
  }
}

function replaceBackend(engine: Internals, recorder: KernelBackend): () => void {
  const { backendInstance } = engine;
  engine.backendInstance = recorder;
  return () => {
    engine.backendInstance = backendInstance;
  };
}

/** Refuses what a recording can't repeat, and keeps account of the tensors that it makes. */
function guardEngine(engine: Internals, recorder: Recorder, made: Set<Tensor>): () => void {
  const { disposeTensor, trackTensor } = engine;
  const guards: Partial<Internals> = {
    trackTensor(tensor, backend) {
      trackTensor.call(this, tensor, backend);
      if (!(tensor instanceof core.Variable)) made.add(tensor);
    },
    disposeTensor(tensor) {
      if (recorder.owns(tensor.dataId) || isOfPart(tensor.dataId)) {
        made.delete(tensor);
        return disposeTensor.call(this, tensor);
      }
      if (!(tensor instanceof core.Variable)) throw new NotRecordable('it disposes a tensor that it has not made');
      // A variable that is assigned: its data is needed after the recording.
      engine.state.tensorInfo.get(tensor.dataId)?.backend.incRef(tensor.dataId);
      disposeTensor.call(this, tensor);
    },
    disposeVariable() {
      throw new NotRecordable('it disposes a variable');
    },
    makeVariable() {
      throw new NotRecordable('it makes a variable', true);
    },
    readSync() {
      throw new NotRecordable('it reads a value of a tensor');
    },
    read() {
      throw new NotRecordable('it reads a value of a tensor');
    },
  };
  return override(engine, guards);
}

/** Gives a variable the data back that it had. */
function putBack(engine: Internals, variable: Variable, dataId: object): void {
  if (variable.dataId === dataId) return;
  engine.disposeTensor(variable);
  variable.dataId = dataId;
  engine.trackTensor(variable);
}

function watchLayers(called: Set<object>, recurrent: RecurrentLayers): () => void {
  const { Layer } = layers.layers;
  const { apply } = Layer.prototype;
  return override(Layer.prototype, {
    apply(this: object, ...values: Parameters<typeof apply>) {
      called.add(this);
      recurrent.calls(this);
      return apply.apply(this as never, values);
    },
  });
}
