// The wasm backend: tfjs's, with memory that says when it is full, and with complex tensors. Its kernels are in kernels/.
import type { backend_util, DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { core, wasmPackage } from './packages.ts';
import { onReset } from './scopes.ts';
import { openWasmModule, type WasmModule } from './wasm-module.ts';

/** What tfjs's wasm backend keeps of one data id. */
export interface WasmData {
  /** Its number in the binary. */
  readonly id: number;
  readonly memoryOffset: number;
  readonly shape: number[];
  readonly dtype: DataType;
  refCount: number;
  readonly stringBytes?: Uint8Array[];
  /** Parts of a complex64 tensor, which has no memory of its own. */
  readonly complex?: { readonly real: TensorInfo; readonly imag: TensorInfo };
}

type Values = backend_util.BackendValues;

/** tfjs's backend, with the members it calls private. */
interface TfjsWasm extends KernelBackend {
  readonly wasm: WasmModule;
  dataIdNextNumber: number;
  readonly dataIdMap: {
    has(dataId: object): boolean;
    get(dataId: object): WasmData;
    set(dataId: object, data: WasmData): void;
    delete(dataId: object): boolean;
  };
  readSync(dataId: object, start?: number, end?: number): Values;
  move(dataId: object, values: Values | null, shape: number[], dtype: DataType, refCount: number): void;
  /** A new tensor, not cleared; or one over memory that the binary allocated. */
  makeOutput(shape: readonly number[], dtype: DataType, memoryOffset?: number, values?: Values): TensorInfo;
  /** A view of a tensor's memory, good until the next allocation. */
  typedArrayFromHeap(info: TensorInfo): backend_util.TypedArray;
}

/** The backend as kernels see it. */
export interface WasmBackend extends TfjsWasm {
  /** A complex64 tensor of two float32 ones of the same shape, whose data it shares. */
  makeComplex(real: TensorInfo, imag: TensorInfo): TensorInfo;
  /** Numbers a part of the heap for the binary's kernels, without a copy; give the number back with `wasm.tfjs.disposeData`. */
  alias(offset: number, size: number): number;
}

/** Makes the backend. The class is made here because its base comes with a package that loads late. */
export function makeWasmBackend(): WasmBackend {
  const Base = wasmPackage().BackendWasm as unknown as new (module: WasmModule) => TfjsWasm;

  class SessionWasm extends Base implements WasmBackend {
    override move(dataId: object, values: Values | null, shape: number[], dtype: DataType, refCount: number): void {
      if (dtype === 'string') return super.move(dataId, values, shape, dtype, refCount);
      const id = this.dataIdNextNumber++;
      if (dtype === 'complex64') {
        const { real, imag } = core.backend_util.splitRealAndImagArrays(values as Float32Array);
        const part = (of: Float32Array) => this.makeOutput(shape, 'float32', undefined, of);
        const complex = { real: part(real), imag: part(imag) };
        this.dataIdMap.set(dataId, { id, memoryOffset: 0, shape, dtype, refCount, complex });
        return;
      }
      const size = core.util.sizeFromShape(shape);
      const bytes = size * core.util.bytesPerElement(dtype);
      const memoryOffset = this.#allocate(bytes);
      this.dataIdMap.set(dataId, { id, memoryOffset, shape, dtype, refCount });
      this.wasm.tfjs.registerTensor(id, size, memoryOffset);
      if (values) this.wasm.HEAPU8.set(asBytes(values as ArrayLike<number>, dtype, bytes), memoryOffset);
    }

    override readSync(dataId: object, start?: number, end?: number): Values {
      const { complex } = this.dataIdMap.get(dataId);
      if (!complex) return super.readSync(dataId, start, end);
      const [real, imag] = [complex.real, complex.imag].map((part) => super.readSync(part.dataId) as Float32Array);
      return core.backend_util.mergeRealAndImagArrays(real!, imag!);
    }

    override disposeData(dataId: object, force = false): boolean {
      if (!this.dataIdMap.has(dataId)) return true;
      const data = this.dataIdMap.get(dataId);
      if (--data.refCount > 0 && !force) return false;
      if (data.complex) {
        this.disposeData(data.complex.real.dataId);
        this.disposeData(data.complex.imag.dataId);
      } else if (data.dtype !== 'string') {
        this.wasm._free(data.memoryOffset);
        this.wasm.tfjs.disposeData(data.id);
      }
      this.dataIdMap.delete(dataId);
      return true;
    }

    /** The heap goes with the module: tfjs frees each tensor in it, which only takes time. */
    override dispose(): void {}

    makeComplex(real: TensorInfo, imag: TensorInfo): TensorInfo {
      for (const part of [real, imag]) this.incRef(part.dataId);
      const id = this.dataIdNextNumber++;
      const dataId = { id };
      const { shape } = real;
      this.dataIdMap.set(dataId, {
        id,
        memoryOffset: 0,
        shape,
        dtype: 'complex64',
        refCount: 1,
        complex: { real, imag },
      });
      return { dataId, shape, dtype: 'complex64' };
    }

    alias(offset: number, size: number): number {
      const id = this.dataIdNextNumber++;
      this.wasm.tfjs.registerTensor(id, size, offset);
      return id;
    }

    /**
     * tfjs doesn't look at what malloc returns, and would write over the start of the heap when it is full; and of a size beyond 32 bits
     * malloc sees the rest.
     */
    #allocate(bytes: number): number {
      const offset = bytes < 2 ** 32 ? this.wasm._malloc(bytes) >>> 0 : 0;
      if (offset || !bytes) return offset;
      const [asked, used] = [bytes, core.engine().state.numBytes].map((count) => `${Math.ceil(count / 2 ** 20)} MiB`);
      throw new RangeError(
        `wasm: out of memory: ${asked} asked for, ${used} in use of at most 4096; dispose tensors or use tf.tidy`,
      );
    }
  }

  const module = openWasmModule();
  const rest = module.stackSave();
  unwind = () => module.stackRestore(rest);
  return new SessionWasm(module);
}

/** An interrupt inside a kernel leaves its frames on the binary's stack. */
let unwind: () => void = () => {};
onReset(() => unwind());

/** Values as the bytes of their dtype: callers pass typed arrays of the right kind, but plain arrays and wider kinds too. */
function asBytes(values: ArrayLike<number>, dtype: DataType, bytes: number): Uint8Array {
  const Kind = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  const typed = ArrayBuffer.isView(values) && values.constructor === Kind ? (values as Uint8Array) : Kind.from(values);
  return new Uint8Array(typed.buffer, typed.byteOffset, bytes);
}
