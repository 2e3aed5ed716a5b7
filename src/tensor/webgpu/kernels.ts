// Kernels of the webgpu backend over tfjs's: what it lacks is borrowed from the plain backend, what it has wrong is mended (4.22.0).
import type { KernelBackend, KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { type BorrowedCall, borrow } from '../kernels/borrowed.ts';
import { core } from '../packages.ts';
import { checkSegments } from './segments.ts';

const lacking =
  `BitwiseAnd NonMaxSuppressionV4 RaggedGather RaggedRange RaggedTensorToTensor SparseFillEmptyRows SparseReshape
StaticRegexReplace StringSplit StringToHashBucketFast Unique`.split(/\s+/);

/** What a kernel is called with. */
interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows the attributes of its own name.
  readonly attrs: any;
  readonly backend: KernelBackend;
}

type Kernel = (call: Call) => TensorInfo | TensorInfo[];

let registered = false;

/** Registers them, after tfjs's; again, does nothing. */
export function registerOurs(): void {
  if (registered) return;
  registered = true;
  for (const kernelName of lacking) register(kernelName, (call) => borrowed(kernelName, call));
  // A canvas-like object is read by tfjs-core itself; a browser's would be uploaded by the kernel.
  core.unregisterKernel('FromPixels', 'webgpu');
  // The shader takes a vector, whatever shape came.
  wrap('Bincount', (tfjs, call) => tfjs({ ...call, inputs: { ...call.inputs, x: flat(call.inputs.x!) } }));
  for (const name of ['Cumsum', 'Cumprod']) wrap(name, forwards);
  for (const name of ['SparseSegmentMean', 'SparseSegmentSum'])
    wrap(name, (tfjs, call) => {
      checkSegments(call);
      return tfjs(call);
    });
}

function register(kernelName: string, kernel: Kernel): void {
  core.registerKernel({ kernelName, backendName: 'webgpu', kernelFunc: kernel as unknown as KernelFunc });
}

/** Puts a kernel of ours, which is given tfjs's, in its place. */
function wrap(kernelName: string, kernel: (tfjs: Kernel, call: Call) => TensorInfo | TensorInfo[]): void {
  const tfjs = core.getKernel(kernelName, 'webgpu').kernelFunc as unknown as Kernel;
  core.unregisterKernel(kernelName, 'webgpu');
  register(kernelName, (call) => kernel(tfjs, call));
}

const told = new Set<string>();

/** Says so once: it is much slower, and waits for the GPU. Strings are plain JavaScript's in any case. */
function borrowed(kernelName: string, call: Call): TensorInfo | TensorInfo[] {
  const strings = Object.values(call.inputs).some((info) => [info].flat().some((each) => each?.dtype === 'string'));
  if (!strings && !told.has(kernelName)) {
    told.add(kernelName);
    console.warn(`tensor: webgpu has no ${kernelName}: it is computed in plain JavaScript, slower (said once)`);
  }
  return borrow(kernelName, call as BorrowedCall);
}

const flat = (info: TensorInfo): TensorInfo => ({ ...info, shape: [core.util.sizeFromShape(info.shape)] });

/** The shader of a reversed sum has the axis' length in its text but not in the key that it is kept under. */
function forwards(tfjs: Kernel, { inputs, attrs, backend }: Call): TensorInfo {
  const x = inputs.x!;
  if (!attrs.reverse) return tfjs({ inputs, attrs, backend }) as TensorInfo;
  const dims = [...core.util.parseAxisParam(attrs.axis, x.shape)];
  const reversed = reverse(x, dims, backend);
  const sums = tfjs({ inputs: { x: reversed }, attrs: { ...attrs, reverse: false }, backend }) as TensorInfo;
  const result = reverse(sums, dims, backend);
  for (const { dataId } of [reversed, sums]) backend.disposeData(dataId);
  return result;
}

function reverse(x: TensorInfo, dims: number[], backend: KernelBackend): TensorInfo {
  const kernel = core.getKernel('Reverse', 'webgpu').kernelFunc;
  const call = { inputs: { x } as NamedTensorInfoMap, attrs: { dims } as NamedAttrMap, backend };
  return kernel(call) as TensorInfo;
}
