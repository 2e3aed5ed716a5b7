// Executed values: a handle of TensorFlow's with what is known of it, made from JavaScript's values and read back, with one copy each
// way.
import { INFO, type KeptInfo } from '../infos.ts';
import type { Library } from '../libtensorflow.ts';
import { type Dtype, dtypeBytes, dtypeCode, dtypeOf } from './dtypes.ts';
import type { Value } from './ops.ts';
import type { Pointer } from './prototypes.ts';
import type { Status } from './status.ts';

/** A value that is there. Whoever made it frees it, once. */
export class EagerValue implements Value {
  /** Changes when a compiled step stores a variable's new value. */
  handle: Pointer;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** tfjs's name of it, once a tensor has it: mostly the value itself. */
  dataId: object | undefined = undefined;
  /** Where it stands in the backend's list of values that tensors have; −1 when none has it. */
  place = -1;
  /** What the engine knows of it as a data id. */
  [INFO]: KeptInfo | undefined = undefined;
  /** How many tensors of tfjs share it. */
  references = 1;
  /** Kept by the executor for the next time: nobody else frees it. */
  kept = false;

  constructor(handle: Pointer, dtype: Dtype, shape: readonly number[]) {
    this.handle = handle;
    this.dtype = dtype;
    this.shape = shape;
  }
}

export type HostValues = ArrayLike<number> | readonly string[] | readonly Uint8Array[];

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int16: Int16Array,
  int8: Int8Array,
  bool: Uint8Array,
  complex64: Float32Array,
  complex128: Float64Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
} as const;

const elements = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/** Values between JavaScript and TensorFlow. */
export class Values {
  readonly #library: Library;
  readonly #status: Status;
  readonly #lengths = Array.from({ length: 9 }, (_, rank) => new BigInt64Array(Math.max(rank, 1)));

  constructor(library: Library, status: Status) {
    this.#library = library;
    this.#status = status;
  }

  /** A value of a dtype and shape; complex64 comes as pairs, a string as text (UTF-8) or bytes. */
  make(values: HostValues, dtype: Dtype, shape: readonly number[]): EagerValue {
    const { api } = this.#library;
    const tensor = this.tensor(values, dtype, shape);
    try {
      const handle = api.TFE_NewTensorHandle(tensor, this.#status.pointer);
      if (!handle) this.#status.check();
      return new EagerValue(handle, dtype, shape);
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  /** The same as a `TF_Tensor`, which its taker deletes. */
  tensor(values: HostValues, dtype: Dtype, shape: readonly number[]): Pointer {
    const { api } = this.#library;
    const bytes = elements(shape) * dtypeBytes(dtype);
    const tensor = api.TF_AllocateTensor(dtypeCode(dtype), this.#dims(shape), shape.length, bytes);
    if (!tensor) throw outOfMemory(bytes);
    if (dtype === 'string') this.#writeStrings(values as readonly string[], api.TF_TensorData(tensor));
    else if (bytes > 0) {
      const typed = asTyped(values as ArrayLike<number>, dtype);
      // What lies behind the array would be read, or end the process.
      if (typed.byteLength < bytes)
        throw new RangeError(
          `tensorflow: a tensor of shape [${shape}] needs more values than the ${values.length} given`,
        );
      this.#library.copy(api.TF_TensorData(tensor), typed, bytes);
    }
    return tensor;
  }

  /** A value that TensorFlow made. */
  adopt(handle: Pointer): EagerValue {
    const { api } = this.#library;
    const status = this.#status.pointer;
    const rank = api.TFE_TensorHandleNumDims(handle, status);
    const shape: number[] = [];
    for (let axis = 0; axis < rank; axis++) shape.push(api.TFE_TensorHandleDim(handle, axis, status));
    return new EagerValue(handle, dtypeOf(api.TFE_TensorHandleDataType(handle)), shape);
  }

  /** The values, in an array of their own; strings as bytes. Waits until they are computed. */
  read({ handle, dtype, shape }: EagerValue): Float32Array | Int32Array | Uint8Array | Uint8Array[] {
    const { api } = this.#library;
    const tensor = api.TFE_TensorHandleResolve(handle, this.#status.pointer);
    if (!tensor) this.#status.check();
    try {
      const data = api.TF_TensorData(tensor);
      const size = elements(shape);
      if (dtype === 'string') return this.#readStrings(data, size);
      const Kind = arrays[dtype as keyof typeof arrays];
      if (!Kind) throw new TypeError(`tensorflow: a tensor of ${dtype} can't be read`);
      const values = new Kind(dtype.startsWith('complex') ? 2 * size : size) as Float32Array;
      if (values.byteLength > 0) this.#library.copy(values, data, values.byteLength);
      return values;
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  /**
   * Hands out the values where they are, without a copy, for the time of a call; `undefined` for what is not in the host's memory and
   * for strings. Waits until they are computed.
   */
  look<T>(value: EagerValue, use: (values: ArrayLike<number>) => T): T | undefined {
    const { handle, dtype, shape } = value;
    const { api } = this.#library;
    const Kind = arrays[dtype as keyof typeof arrays];
    const length = elements(shape) * (dtype.startsWith('complex') ? 2 : 1);
    if (!Kind || !this.deviceOf(value).startsWith('CPU') || length === 0) return undefined;
    const tensor = api.TFE_TensorHandleResolve(handle, this.#status.pointer);
    if (!tensor) this.#status.check();
    try {
      return use(
        new Kind(this.#library.view(api.TF_TensorData(tensor), length * Kind.BYTES_PER_ELEMENT)) as Float32Array,
      );
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  /** Name of the device whose memory holds a value, such as `GPU:0`; `CPU:0` is the host's. */
  deviceOf({ handle }: EagerValue): string {
    const name = this.#library.api.TFE_TensorHandleBackingDeviceName(handle, this.#status.pointer);
    return name?.replace(/^.*device:/, '') ?? 'CPU:0';
  }

  /** Another handle of the same data. */
  share({ handle, dtype, shape }: EagerValue): EagerValue {
    const copy = this.#library.api.TFE_TensorHandleCopySharingTensor(handle, this.#status.pointer);
    if (!copy) this.#status.check();
    return new EagerValue(copy, dtype, shape);
  }

  free(value: EagerValue): void {
    this.freeHandle(value.handle);
  }

  freeHandle(handle: Pointer): void {
    this.#library.api.TFE_DeleteTensorHandle(handle);
  }

  #dims(shape: readonly number[]): BigInt64Array {
    const dims = this.#lengths[shape.length] ?? new BigInt64Array(shape.length);
    for (let i = 0; i < shape.length; i++) dims[i] = BigInt(shape[i]!);
    return dims;
  }

  #writeStrings(values: readonly (string | Uint8Array)[], data: Pointer): void {
    const { api } = this.#library;
    const bytes = BigInt(dtypeBytes('string'));
    for (let i = 0; i < values.length; i++) {
      // A buffer's places that were never set are holes.
      const value = values[i] ?? '';
      const text = typeof value === 'string' ? Buffer.from(value) : value;
      const at = data + BigInt(i) * bytes;
      api.TF_StringInit(at);
      if (text.length > 0) api.TF_StringCopy(at, text, text.length);
    }
  }

  #readStrings(data: Pointer, count: number): Uint8Array[] {
    const { api } = this.#library;
    const bytes = BigInt(dtypeBytes('string'));
    return Array.from({ length: count }, (_, i) => {
      const at = data + BigInt(i) * bytes;
      const text = new Uint8Array(api.TF_StringGetSize(at));
      if (text.length > 0) this.#library.copy(text, api.TF_StringGetDataPointer(at), text.length);
      return text;
    });
  }
}

/** Values as the array of their dtype: they mostly are one already. */
function asTyped(values: ArrayLike<number>, dtype: Dtype): ArrayBufferView {
  if (dtype === 'int64') return BigInt64Array.from(values, (value) => BigInt(Math.trunc(value)));
  const Kind = arrays[dtype as keyof typeof arrays];
  if (!Kind) throw new TypeError(`tensorflow: a tensor of ${dtype} can't be made from numbers`);
  return values instanceof Kind ? values : Kind.from(values);
}

/** An error that says how much was asked for. */
export function outOfMemory(bytes: number): RangeError {
  const asked = `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new RangeError(`tensorflow: out of memory: ${asked} asked for; dispose tensors or use tf.tidy`);
}
