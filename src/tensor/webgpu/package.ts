// tfjs's package of WebGPU kernels, evaluated on the session's one tfjs-core and with Dawn's classes in the place of a browser's globals,
// which stay as they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { backend_util, DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { keptWebgpu } from '../../home.ts';
import { core } from '../packages.ts';
import { type Dawn, type GpuBuffer, type GpuDevice, openDawn } from './dawn.ts';

type Values = backend_util.BackendValues;

/** What tfjs keeps of one data id. */
export interface GpuData {
  readonly dtype: DataType;
  readonly shape: number[];
  /** On the host: not uploaded yet. */
  readonly values: Values | null;
  /** On the device. */
  readonly resource?: GpuBuffer | null;
  /** Parts of a complex64 tensor, which has no data of its own. */
  complexTensorInfos?: { readonly real: TensorInfo; readonly imag: TensorInfo };
}

/** tfjs's class, with the members that it calls private. */
export interface TfjsWebgpu extends KernelBackend {
  readonly tensorMap: { get(dataId: object): GpuData; delete(dataId: object): boolean };
  readonly bufferManager: BufferManager;
  readonly commandEncoder: {
    copyBufferToBuffer(from: GpuBuffer, start: 0, to: GpuBuffer, at: 0, size: number): void;
  } | null;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  recordAndSubmit(...given: unknown[]): void;
  submitQueue(): void;
  getBufferData(buffer: GpuBuffer): Promise<ArrayBuffer>;
  makeTensorInfo(shape: number[], dtype: DataType, values?: Values): TensorInfo;
  /** Runs a shader of tfjs's kind on tensors. */
  runWebGPUProgram(
    program: object,
    inputs: readonly TensorInfo[],
    dtype: DataType,
    uniforms: readonly { readonly type: 'float32' | 'int32'; readonly data: number[] }[],
  ): TensorInfo;
}

/** tfjs's pool of buffers, each kept for others of its very size. */
export interface BufferManager {
  readonly freeBuffers: ReadonlyMap<string, GpuBuffer[]>;
  numFreeBuffers: number;
  /** In use; and with those that are kept. */
  readonly numBytesUsed: number;
  numBytesAllocated: number;
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GpuBuffer;
  releaseBuffer(buffer: GpuBuffer, reuse?: boolean): void;
}

export interface WebgpuPackage {
  readonly WebGPUBackend: new (device: GpuDevice, info: Dawn['adapter']['info']) => TfjsWebgpu;
  readonly webgpu_util: {
    flatDispatchLayout(shape: number[]): { x: number[] };
    computeDispatch(layout: object, shape: number[], workgroupSize: number[]): number[];
  };
}

let evaluated: WebgpuPackage | undefined;

/** The package, evaluated at the first call, which registers its kernels (20 ms). @throws as `openDawn` does. */
export function webgpuPackage(): WebgpuPackage {
  evaluated ??= evaluate(openDawn());
  return evaluated;
}

/** The package where it can be used, for who imports it. */
export function webgpuPackageHere(): WebgpuPackage | undefined {
  if (!keptWebgpu()) return undefined;
  try {
    return webgpuPackage();
  } catch (error) {
    console.warn(`tensor: @tensorflow/tfjs-backend-webgpu can't be used here: ${(error as Error).message}`);
    return undefined;
  }
}

function evaluate({ classes, gpu }: Dawn): WebgpuPackage {
  const file = join(keptWebgpu()!.kernels, 'dist', 'tf-backend-webgpu.node.js');
  // It looks for WebGPU there, and registers a backend of its own, for which there is ours.
  const world = Object.create(globalThis, { navigator: { value: { gpu } } });
  const given = { ...classes, globalThis: world, navigator: world.navigator };
  const exports = {};
  const require = () => ({ ...core, registerBackend: () => true });
  const names = ['exports', 'require', ...Object.keys(given)];
  new Function(...names, `${readFileSync(file, 'utf8')}\n//# sourceURL=${file}`)(
    exports,
    require,
    ...Object.values(given),
  );
  return exports as WebgpuPackage;
}
