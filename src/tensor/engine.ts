// tfjs's engine with its bookkeeping done in fewer steps: what it counts, disposes and records is the same. For a small op on TensorFlow's
// library, tfjs's own takes longer than the op.

import type { DataType, KernelBackend, NamedAttrMap, NamedTensorMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { noteInputs } from '../session/errors/failed-inputs.ts';
import { checked } from './checks.ts';
import { explained } from './failures.ts';
import { DataInfos } from './infos.ts';
import { clearLedger, noteFreed, noteMade, runningEntry } from './ledger.ts';
import { forget, isFreed, watch, watchData, watchVariable } from './memory.ts';
import { core, type Engine } from './packages.ts';
import { profiling } from './profiling.ts';
import { holdWeakly } from './variables.ts';

/** An open `tf.tidy`. */
export interface Scope {
  readonly track: Tensor[];
  readonly name: string;
  readonly id: number;
}

type Outputs = Tensor | Tensor[];
type TensorContainer = Parameters<Engine['endScope']>[0];

/** The engine's members that we replace or read, several of which tfjs types as private. */
interface Internals {
  readonly ENV: { getBool(flag: string): boolean };
  backendName: string;
  readonly backend: KernelBackend;
  state: {
    activeScope: Scope | null;
    readonly scopeStack: Scope[];
    numBytes: number;
    numTensors: number;
    numStringTensors: number;
    numDataBuffers: number;
    gradientDepth: number;
    kernelDepth: number;
    profiling: boolean;
    readonly numDataMovesStack: number[];
    tensorInfo: DataInfos;
  };
  runKernel(kernelName: string, inputs: NamedTensorMap, attrs?: NamedAttrMap): Outputs;
  checkKernelForMemLeak(kernelName: string, idsBefore: number, made: TensorInfo[]): void;
  makeTensorFromTensorInfo(info: TensorInfo): Tensor;
  getTensorsForGradient(kernelName: string, inputs: NamedTensorMap, outputs: Tensor[]): Tensor[];
  saveTensorsForBackwardMode(tensors: Tensor[]): Tensor[];
  addTapeNode(
    kernelName: string,
    inputs: NamedTensorMap,
    outputs: Tensor[],
    gradient: null,
    saved: Tensor[],
    attrs: NamedAttrMap | undefined,
  ): void;
  trackTensor(tensor: Tensor, backend?: KernelBackend): void;
  disposeTensor(tensor: Tensor): void;
  track(tensor: Tensor): Tensor;
  endScope(result?: TensorContainer): void;
  reset(): void;
}

/** Replaces the bookkeeping of the engine. Called once, before the first tensor is made. */
export function keepBooks(): void {
  const engine = core.engine() as unknown as Internals;
  const { runKernel, reset } = engine;
  begin(engine);
  watchData((tensor) => release(engine, tensor));

  engine.runKernel = function (kernelName, inputs, attrs) {
    const { state, ENV } = this;
    const kernel = state.profiling || profiling() ? undefined : kernelOf(kernelName, this.backendName);
    // What is measured or checked for NaN, and what lacks a kernel, is tfjs's.
    if (!kernel || ENV.getBool('DEBUG')) return runKernel.call(this, kernelName, inputs, attrs);
    const taped = state.gradientDepth > 0 && state.kernelDepth === 0;
    const idsBefore = ENV.getBool('IS_TEST') ? startCount(this) : -1;
    state.kernelDepth++;
    let made: TensorInfo | TensorInfo[];
    let outputs: Tensor[];
    let saved: Tensor[] = [];
    try {
      made = kernel({ inputs, attrs, backend: this.backend });
      if (idsBefore >= 0) this.checkKernelForMemLeak(kernelName, idsBefore, Array.isArray(made) ? made : [made]);
      if (!taped && !Array.isArray(made)) return tensorOf(this, made);
      outputs = Array.isArray(made) ? made.map((info) => tensorOf(this, info)) : [tensorOf(this, made)];
      if (taped) saved = this.saveTensorsForBackwardMode(this.getTensorsForGradient(kernelName, inputs, outputs));
    } catch (error) {
      const explanation = explained(error, kernelName, inputs);
      noteInputs(explanation, Object.values(inputs).flat().filter(Boolean));
      throw explanation;
    } finally {
      state.kernelDepth--;
    }
    if (taped) this.addTapeNode(kernelName, inputs, outputs, null, saved, attrs);
    return Array.isArray(made) ? outputs : outputs[0]!;
  };

  engine.trackTensor = function (tensor, backend) {
    const { state } = this;
    const { dataId, dtype } = tensor;
    const bytes = bytesOf(tensor);
    state.numTensors++;
    state.numBytes += bytes;
    if (dtype === 'string') state.numStringTensors++;
    let info = state.tensorInfo.get(dataId);
    if (!info) {
      state.numDataBuffers++;
      info = { backend: backend ?? this.backend, dtype, shape: tensor.shape, bytes, entry: runningEntry() };
      state.tensorInfo.set(dataId, info);
    }
    noteMade(info.entry, bytes);
    if (isVariable(tensor)) watchVariable(tensor);
    else if (state.activeScope) this.track(tensor);
    else watch(tensor);
  };

  engine.disposeTensor = function (tensor) {
    if (isFreed(tensor)) return;
    forget(tensor);
    release(this, tensor);
  };

  engine.endScope = function (result) {
    const { state } = this;
    const scope = state.activeScope!;
    const { track } = scope;
    // An op that makes one tensor and returns it is by far the commonest.
    const results = track.length === 1 && track[0] === result ? track[0] : resultsOf(result);
    for (let i = 0; i < track.length; i++) {
      const tensor = track[i]!;
      if (tensor.kept) watch(tensor);
      else if (results !== tensor && !(Array.isArray(results) && results.some(({ id }) => id === tensor.id)))
        tensor.dispose();
    }
    const { scopeStack } = state;
    scopeStack.pop();
    state.activeScope = scopeStack.length === 0 ? null : scopeStack[scopeStack.length - 1]!;
    // What is handed on is the outer scope's if it was made in this one.
    if (Array.isArray(results)) for (const tensor of results) handOn(this, tensor, scope);
    else if (results) handOn(this, results, scope);
  };

  engine.reset = function () {
    reset.call(this);
    clearLedger();
    begin(this);
  };
}

/** tfjs's check of a kernel for data that it leaves behind counts what moved between backends meanwhile. */
function startCount({ state, backend }: Internals): number {
  state.numDataMovesStack.push(0);
  return backend.numDataIds();
}

function begin(engine: Internals): void {
  engine.state.tensorInfo = new DataInfos();
  holdWeakly(engine as unknown as Engine);
}

type KernelFunc = (call: { inputs: object; attrs: unknown; backend: KernelBackend }) => TensorInfo | TensorInfo[];

/** Kernels by name, of the backend in use: tfjs finds each by a name that it puts together at every call. */
const found = new Map<string, KernelFunc>();
let foundOn = '';

function kernelOf(name: string, backend: string): KernelFunc | undefined {
  if (backend !== foundOn) {
    watchRegistry();
    found.clear();
    foundOn = backend;
  }
  let kernel = found.get(name);
  if (!kernel) {
    kernel = core.getKernel(name, backend)?.kernelFunc as KernelFunc | undefined;
    if (kernel) {
      kernel = checked(name, backend, kernel) as KernelFunc;
      found.set(name, kernel);
    }
  }
  return kernel;
}

let registryWatched = false;

/** Forgets the kernels found when one is registered or taken away. */
function watchRegistry(): void {
  if (registryWatched) return;
  registryWatched = true;
  const { _tfGlobals } = globalThis as unknown as { _tfGlobals: Map<string, Map<string, unknown>> };
  const registry = _tfGlobals.get('kernelRegistry')!;
  const { set, delete: remove } = registry;
  registry.set = function (...entry) {
    found.clear();
    return set.apply(this, entry);
  };
  registry.delete = function (key) {
    found.clear();
    return remove.call(this, key);
  };
}

/** Kernels of tfjs's older kind return tensors. */
const tensorOf = (engine: Internals, made: TensorInfo): Tensor =>
  (made as Tensor).rank === undefined ? engine.makeTensorFromTensorInfo(made) : (made as Tensor);

/** `instanceof core.Variable` looks at more. */
const isVariable = (tensor: Tensor): boolean => 'trainable' in tensor;

/** As the engine counts them. */
function bytesOf({ dtype, size }: Tensor): number {
  if (dtype === 'float32' || dtype === 'int32') return 4 * size;
  return dtype === 'complex64' || dtype === 'string' ? 0 : size * core.util.bytesPerElement(dtype as DataType);
}

/** The tensors in what a scope returns: one, or all in a container. */
function resultsOf(result: unknown): Tensor | Tensor[] | undefined {
  if (result === undefined || result === null) return undefined;
  if (result instanceof core.Tensor) return result;
  return core.tensor_util.getTensorsInContainer(result as never);
}

function handOn(engine: Internals, tensor: Tensor & { scopeId?: number }, scope: Scope): void {
  if (tensor.kept || tensor.scopeId !== scope.id) return;
  if (engine.state.activeScope) engine.track(tensor);
  else watch(tensor);
}

/** Takes a tensor off the books; its data goes with the last that shares it. */
function release({ state }: Internals, tensor: Pick<Tensor, 'dataId' | 'dtype' | 'size'>): void {
  const { dataId, dtype } = tensor;
  const info = state.tensorInfo.get(dataId);
  if (!info) return;
  const bytes = bytesOf(tensor as Tensor);
  noteFreed(info.entry, bytes);
  state.numTensors--;
  state.numBytes -= bytes;
  if (dtype === 'string') {
    state.numStringTensors--;
    state.numBytes -= info.bytes;
  }
  if (!info.backend.disposeData(dataId)) return;
  state.tensorInfo.delete(dataId);
  state.numDataBuffers--;
}
