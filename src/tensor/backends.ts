// Which backend computes: one table in order of preference. A row knows whether it can run here, and why not.
import os from 'node:os';
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { registerKernels } from './kernels/table.ts';
import { findLibrary } from './libtensorflow.ts';
import { core, cpuPackage } from './packages.ts';
import { openTensorflow } from './tensorflow/backend.ts';
import { type Device, openContext, openedContext } from './tensorflow/context.ts';
import { makeWasmBackend } from './wasm.ts';
import { simdWorks } from './wasm-module.ts';
import { openWebgpu } from './webgpu/backend.ts';
import { checkWebgpu, prepareWebgpu, webgpuMemory } from './webgpu/state.ts';

/** Whether a backend runs on this machine: on which device, or why not. */
export type Availability =
  | { readonly available: true; readonly device: string }
  | { readonly available: false; readonly reason: string };

/** One row of the table. */
export interface BackendRow {
  /** tfjs's name of the backend, which `tf.setBackend` and TENSORCELL_BACKEND take. */
  readonly name: string;
  /** Looks without loading anything large. */
  check(): Availability;
  /** How much there is for tensors, in words. */
  memory(): string;
  /**
   * Loads what is large and may turn out not to run here. `chosen`: it was asked for by name, so it need not be better than what
   * comes after it. @throws Error that says why.
   */
  prepare?(chosen: boolean): void;
  /** Makes the backend, with its kernels registered; again after `tf.engine().reset()`. */
  open(): KernelBackend;
}

/** What `tensorcell doctor` tells of a backend. */
export type BackendReport = { readonly name: string } & Availability;

const model = (): string => os.cpus()[0]?.model.trim() || os.arch();
const processor = (): string => `${model()}, one thread`;
const threads = (): string => `${model()}, ${os.availableParallelism()} threads`;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
const machineMemory = (): string => `${gigabytes(os.totalmem())}, ${gigabytes(os.freemem())} of it free`;

/** The GPUs that TensorFlow sees, once its library is loaded. */
const gpus = (): readonly Device[] => openedContext()?.devices.filter(({ type }) => type === 'GPU') ?? [];
const gpuName = ({ name }: Device): string => name.replace(/^.*device:GPU:/, 'cuda:');

/** The table, best first. `tensorflow` computes on a GPU that its library sees, else on all cores. */
export const backends: readonly BackendRow[] = [
  {
    name: 'tensorflow',
    check: () => {
      const found = findLibrary();
      if (found.folder === undefined) return { available: false, reason: found.reason };
      const context = openedContext();
      const library = `TensorFlow${context ? ` ${context.library.version}` : ''} in ${found.folder}`;
      return { available: true, device: `${gpus().map(gpuName).join(', ') || threads()}, ${library}` };
    },
    memory: () =>
      gpus()
        .map((gpu) => `${gigabytes(gpu.bytes)} on ${gpuName(gpu)}`)
        .join(', ') || machineMemory(),
    prepare: openContext,
    open: openTensorflow,
  },
  {
    name: 'webgpu',
    check: checkWebgpu,
    memory: webgpuMemory,
    prepare: prepareWebgpu,
    open: () => {
      prepareWebgpu();
      return openWebgpu();
    },
  },
  {
    name: 'wasm',
    check: () => ({ available: true, device: `${processor()}, ${simdWorks() ? 'SIMD' : 'no SIMD'}` }),
    // A 32-bit heap, whatever the machine has.
    memory: () => (os.totalmem() > 2 ** 32 ? '4.0 GB at most' : machineMemory()),
    open: () => {
      const backend = makeWasmBackend();
      registerKernels();
      return backend;
    },
  },
  {
    name: 'cpu',
    check: () => ({ available: true, device: `${processor()}, plain JavaScript` }),
    memory: machineMemory,
    open: openCpu,
  },
];

/** Every backend with its availability, in the order of the table. */
export function checkBackends(rows = backends): BackendReport[] {
  return rows.map(({ name, check }) => ({ name, ...check() }));
}

/**
 * The backend to use: the first that is available, or the one that is forced (TENSORCELL_BACKEND by default).
 * @throws RangeError for a forced name that the table lacks; Error for one that cannot run here, with the reason.
 */
export function chooseBackend(forced = process.env.TENSORCELL_BACKEND, rows = backends): BackendRow {
  if (forced) {
    const row = rows.find(({ name }) => name === forced);
    if (!row)
      throw new RangeError(`TENSORCELL_BACKEND: must be one of ${rows.map((r) => r.name).join(', ')}, got ${forced}`);
    const state = row.check();
    if (!state.available) throw new Error(`TENSORCELL_BACKEND: ${forced} can't be used here: ${state.reason}`);
    row.prepare?.(true);
    return row;
  }
  const row = rows.find((each) => each.check().available && runs(each));
  if (!row) throw new Error('tensor: no backend is available on this machine');
  return row;
}

/** Whether a backend that is here runs. One that does not is said to be passed over. */
function runs(row: BackendRow): boolean {
  try {
    row.prepare?.(false);
    return true;
  } catch (error) {
    console.warn(`tensor: the backend ${row.name} is passed over: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

/** Hands every available backend to tfjs, so that `tf.setBackend` can choose any, each opened at its first use. */
export function registerBackends(rows = backends): void {
  rows.forEach((row, i) => {
    if (row.check().available) core.registerBackend(row.name, () => row.open(), rows.length - i);
  });
}

/** tfjs's plain backend, with members that it calls private. */
interface Plain extends KernelBackend {
  firstUse: boolean;
  readonly data: { get(dataId: object): { complexTensorInfos?: object } };
  makeTensorInfo(shape: number[], dtype: DataType, values: Float32Array): TensorInfo;
}

/**
 * The plain JavaScript backend, without its greeting ("looks like you are running TensorFlow.js in Node.js"), and with complex tensors
 * that come from another backend, which it would lack the parts of.
 */
export function openCpu(): KernelBackend {
  const backend = new (cpuPackage().MathBackendCPU)() as unknown as Plain;
  backend.firstUse = false;
  const { move } = backend;
  backend.move = (dataId, values, shape, dtype, refCount) => {
    move.call(backend, dataId, values, shape, dtype, refCount);
    if (dtype !== 'complex64') return;
    const { real, imag } = core.backend_util.splitRealAndImagArrays(values as Float32Array);
    const part = (of: Float32Array) => backend.makeTensorInfo(shape, 'float32', of);
    backend.data.get(dataId).complexTensorInfos = { real: part(real), imag: part(imag) };
  };
  return backend;
}
