// The `webgpu` backend: tfjs's, with a synchronous read, complex tensors that move between backends, copies of what it is given, and errors
// that are told where they can be understood.
import type { backend_util, DataType } from '@tensorflow/tfjs-core';
import { whole } from '../../session/interrupt/uninterrupted.ts';
import { core } from '../packages.ts';
import { type GpuDevice, openDawn, openDevice } from './dawn.ts';
import { waitUntil } from './events.ts';
import { registerOurs } from './kernels.ts';
import { type BufferManager, type GpuData, type TfjsWebgpu, webgpuPackage } from './package.ts';

type Values = backend_util.BackendValues;

// WebGPU's constants: GPUMapMode.READ, and GPUBufferUsage's MAP_READ with COPY_DST, and STORAGE.
const READ = 1;
const FOR_READING = 1 | 8;
const STORAGE = 0x80;

/** Bytes of buffers kept for reuse. tfjs keeps all, each for its own size alone. */
const mostUnused = 2 ** 29;

let faults: ReturnType<typeof watchFaults> | undefined;

/** Makes the backend, with its kernels registered. @throws Error when there is no adapter, or it gives no device. */
export function openWebgpu(): TfjsWebgpu {
  const Base = webgpuPackage().WebGPUBackend;
  const device = openDevice();
  faults ??= watchFaults(device);
  const { tell } = faults;

  // The class is made here because its base comes with a package that loads late.
  class SessionWebgpu extends Base {
    /** Values that are there stay the caller's: they are uploaded later, at their first use. */
    override write(values: Values | null, shape: number[], dtype: DataType): object {
      if (dtype !== 'complex64' || !values) return super.write(copyOf(values) as Values, shape, dtype);
      const dataId = super.write(null as never, shape, dtype);
      this.#split(dataId, values as Float32Array, shape);
      return dataId;
    }

    override move(dataId: object, values: Values, shape: number[], dtype: DataType, refCount: number): void {
      if (dtype !== 'complex64') return super.move(dataId, values, shape, dtype, refCount);
      // A complex tensor has no values; tfjs's method refuses the dtype only.
      super.move(dataId, new Float32Array(0), shape, 'float32', refCount);
      Object.assign(this.tensorMap.get(dataId), { dtype, values: null });
      this.#split(dataId, values as Float32Array, shape);
    }

    override readSync(dataId: object): Values {
      const data = this.tensorMap.get(dataId);
      if (data.complexTensorInfos) {
        const { real, imag } = data.complexTensorInfos;
        return merged(this.readSync(real.dataId), this.readSync(imag.dataId));
      }
      if (!data.resource) return hostValues(data);
      const { size } = data.resource;
      const staging = this.bufferManager.acquireBuffer(size, FOR_READING);
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      this.commandEncoder!.copyBufferToBuffer(data.resource, 0, staging, 0, size);
      this.submitQueue();
      // Its failure shows in the buffer's state.
      staging.mapAsync(READ).catch(() => undefined);
      waitUntil(() => staging.mapState !== 'pending');
      tell(staging.mapState === 'mapped');
      const bytes = staging.getMappedRange().slice(0);
      staging.unmap();
      this.bufferManager.releaseBuffer(staging);
      return typed(bytes, data);
    }

    override async read(dataId: object): Promise<Values> {
      const data = this.tensorMap.get(dataId);
      if (data.complexTensorInfos) {
        const { real, imag } = data.complexTensorInfos;
        const [re, im] = await Promise.all([this.read(real.dataId), this.read(imag.dataId)]);
        return merged(re, im);
      }
      if (!data.resource) return hostValues(data);
      const bytes = await this.getBufferData(data.resource);
      tell(true);
      return typed(bytes, data);
    }

    // Between Dawn's answer and tfjs's note of it, an interrupt would leave an encoder that is finished, a pass that is open, or a buffer
    // that is given back twice.
    override submitQueue(): void {
      whole(() => super.submitQueue());
      trim(this.bufferManager);
    }

    override endComputePassEncoder(): void {
      whole(() => super.endComputePassEncoder());
    }

    override recordAndSubmit(...given: unknown[]): void {
      whole(() => super.recordAndSubmit(...given));
    }

    #split(dataId: object, values: Float32Array, shape: number[]): void {
      const { real, imag } = core.backend_util.splitRealAndImagArrays(values);
      const part = (of: Float32Array) => this.makeTensorInfo(shape, 'float32', of);
      this.tensorMap.get(dataId).complexTensorInfos = { real: part(real), imag: part(imag) };
    }
  }

  const backend = new SessionWebgpu(device, openDawn().adapter.info);
  checkSizes(backend.bufferManager, device);
  registerOurs();
  return backend;
}

/** Values that were never uploaded. Without any, a tensor that no kernel has written: zeros. */
function hostValues({ values, shape, dtype }: GpuData): Values {
  if (dtype === 'string') return values!;
  const size = core.util.sizeFromShape(shape);
  return values ? (copyOf(values) as Values) : core.util.getTypedArrayFromDType(dtype as 'float32', size);
}

const copyOf = (values: Values | null): Values | null => (ArrayBuffer.isView(values) ? values.slice() : values);

const merged = (real: Values, imag: Values): Values =>
  core.backend_util.mergeRealAndImagArrays(real as Float32Array, imag as Float32Array);

/** A bool is an int32 on the device. */
const typed = (bytes: ArrayBuffer, { dtype }: GpuData): Values =>
  core.util.convertBackendValuesAndArrayBuffer(bytes, dtype);

/** A buffer that is too large would only be told of later, by an event that names no tensor. */
function checkSizes(buffers: BufferManager, { limits }: GpuDevice): void {
  const { acquireBuffer } = buffers;
  const most = Math.min(limits.maxBufferSize!, limits.maxStorageBufferBindingSize!);
  buffers.acquireBuffer = (size, usage, mapped, reuse) => {
    if (usage & STORAGE && size > most) {
      const [asked, allowed] = [size, most].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
      throw new RangeError(`webgpu: a tensor must have at most ${allowed} on this device, got ${asked}`);
    }
    return acquireBuffer.call(buffers, size, usage, mapped, reuse);
  };
}

/** Gives unused buffers back when they are many. */
function trim(buffers: BufferManager): void {
  if (buffers.numBytesAllocated - buffers.numBytesUsed < mostUnused) return;
  for (const list of buffers.freeBuffers.values())
    for (const buffer of list.splice(0)) {
      buffers.numFreeBuffers--;
      buffers.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
}

/** What the device says is wrong: it does so by events, after the call that was wrong. */
function watchFaults(device: GpuDevice): { tell(wellRead: boolean): void } {
  let fault: string | undefined;
  let lost = false;
  device.addEventListener('uncapturederror', ({ error }) => {
    fault ??= error.message.split('\n')[0];
  });
  void device.lost.then(({ message }) => {
    lost = true;
    const words = message.split('\n')[0]!.replace(/\.$/, '');
    fault = `the device is lost, and the tensors on it: ${words}; %restart gets a new one, %backend wasm goes on without it`;
  });
  return {
    /** @throws Error with the fault, when there is one or the values could not be read. */
    tell(wellRead) {
      const words = fault ?? (wellRead ? undefined : 'the values could not be read');
      if (!lost) fault = undefined;
      if (words !== undefined) throw new Error(`webgpu: ${words}`);
    },
  };
}
