// The `tensorflow` backend of tfjs: keeps the values behind data ids and calls the table of kernels.
import type { backend_util, DataType, KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { openContext } from './context.ts';
import { EagerOps } from './eager.ts';
import { kernels } from './kernels/table.ts';
import type { Kernel, KernelInputs, Value } from './ops.ts';
import { EagerValue, type HostValues, type Values } from './values.ts';

/** The backend as kernels see it. */
export interface TensorflowBackend extends KernelBackend {
  /** Runs a kernel of the table on tensors. */
  call(kernel: Kernel, inputs: Inputs, attrs: unknown): TensorInfo | TensorInfo[];
}

/** The backend as compiled functions see it: handles in, handles out. */
export interface HandleBackend extends TensorflowBackend {
  readonly values: Values;
  /** The value behind a tensor, which stays the tensor's. One that another backend holds moves here first. */
  handleOf(tensor: TensorInfo): EagerValue;
  /** Takes a value over: what a tensor is made of. */
  give(value: EagerValue): TensorInfo;
  /** The value behind data that exactly one tensor holds: what it holds may be exchanged. */
  own(dataId: object): EagerValue | undefined;
  /** Hands out values where they are, as `Values.look` does. */
  look<T>(dataId: object, use: (values: ArrayLike<number>) => T): T | undefined;
  /** Where values are: `CPU:0`, `GPU:0`. */
  deviceOf(dataId: object): string;
}

/** Makes the backend and registers its kernels. @throws Error when the library can't be loaded. */
export function openTensorflow(): HandleBackend {
  const ops = new EagerOps(openContext());
  register();

  // The class is made here because its base comes with a package that loads late.
  class SessionTensorflow extends core.KernelBackend implements HandleBackend {
    readonly values = ops.values;
    /** All values that tensors have. */
    readonly #all: EagerValue[] = [];
    /** Values behind data ids that came from another backend; others are their own. */
    readonly #moved = new Map<object, EagerValue>();

    override numDataIds(): number {
      return this.#all.length;
    }

    override write(values: backend_util.BackendValues | null, shape: number[], dtype: DataType): object {
      return this.#keep(this.#made(values, shape, dtype));
    }

    override move(
      dataId: object,
      values: backend_util.BackendValues | null,
      shape: number[],
      dtype: DataType,
      refCount: number,
    ): void {
      const value = this.#made(values, shape, dtype);
      value.references = refCount;
      this.#moved.set(dataId, value);
      this.#keep(value, dataId);
    }

    #made(values: backend_util.BackendValues | null, shape: number[], dtype: DataType): EagerValue {
      const size = core.util.sizeFromShape(shape) * (dtype === 'complex64' ? 2 : 1);
      return ops.values.make((values ?? new Float32Array(size)) as HostValues, dtype, [...shape]);
    }

    override readSync(dataId: object): backend_util.BackendValues {
      return ops.values.read(this.#get(dataId)) as backend_util.BackendValues;
    }

    override async read(dataId: object): Promise<backend_util.BackendValues> {
      return this.readSync(dataId);
    }

    override refCount(dataId: object): number {
      return this.#find(dataId)?.references ?? 0;
    }

    override incRef(dataId: object): void {
      this.#get(dataId).references++;
    }

    decRef(dataId: object): void {
      this.#get(dataId).references--;
    }

    override disposeData(dataId: object, force = false): boolean {
      const value = this.#find(dataId);
      if (!value) return true;
      value.references--;
      if (value.references > 0 && !force) return false;
      if (value.dataId !== value) this.#moved.delete(dataId);
      const last = this.#all.pop()!;
      if (last !== value) {
        this.#all[value.place] = last;
        last.place = value.place;
      }
      value.place = -1;
      ops.values.free(value);
      return true;
    }

    override async time(run: () => void): Promise<{ kernelMs: number }> {
      const begun = performance.now();
      run();
      return { kernelMs: performance.now() - begun };
    }

    override memory(): { unreliable: boolean } {
      return { unreliable: false };
    }

    override timerAvailable(): boolean {
      return true;
    }

    override floatPrecision(): 32 {
      return 32;
    }

    override dispose(): void {
      for (const value of this.#all) {
        value.place = -1;
        ops.values.free(value);
      }
      this.#all.length = 0;
      this.#moved.clear();
    }

    call(kernel: Kernel, inputs: Inputs, attrs: unknown): TensorInfo | TensorInfo[] {
      ops.begin();
      let results: Value | Value[] = [];
      try {
        results = kernel(ops, valuesOf(inputs, this.#valueOf), attrs ?? {});
      } finally {
        ops.end(results);
      }
      if (!Array.isArray(results)) return this.#infoOf(results as EagerValue);
      return results.map((result) => this.#infoOf(result as EagerValue));
    }

    handleOf(tensor: TensorInfo): EagerValue {
      return this.#valueOf(tensor);
    }

    give(value: EagerValue): TensorInfo {
      return this.#infoOf(value);
    }

    own(dataId: object): EagerValue | undefined {
      const value = this.#find(dataId);
      return value?.references === 1 ? value : undefined;
    }

    look<T>(dataId: object, use: (values: ArrayLike<number>) => T): T | undefined {
      return ops.values.look(this.#get(dataId), use);
    }

    deviceOf(dataId: object): string {
      return ops.values.deviceOf(this.#get(dataId));
    }

    /** The value of a tensor. Tensors that another backend let share data may have other shapes than it. */
    readonly #valueOf = ({ dataId, shape }: TensorInfo): EagerValue => {
      const value = this.#get(dataId);
      if (same(value.shape, shape)) return value;
      return ops.one('Reshape', [value, ops.constant(shape, 'int32')]) as EagerValue;
    };

    /** A tensor of a result. An input, or one result twice, is shared; a constant stays the executor's. */
    #infoOf(result: EagerValue): TensorInfo {
      const { shape, dtype } = result;
      if (result.dataId) result.references++;
      else if (result.kept) return this.#infoOf(ops.values.share(result));
      else this.#keep(result);
      return { dataId: result.dataId!, shape: shape as number[], dtype: dtype as DataType };
    }

    #keep(value: EagerValue, dataId: object = value): object {
      value.dataId = dataId;
      value.place = this.#all.push(value) - 1;
      return dataId;
    }

    #find(dataId: object): EagerValue | undefined {
      return dataId instanceof EagerValue && dataId.place >= 0 && dataId.dataId === dataId
        ? dataId
        : this.#moved.get(dataId);
    }

    /** The value behind a data id. One that is another backend's moves here first. */
    #get(dataId: object): EagerValue {
      let value = this.#find(dataId);
      if (!value && core.engine().state.tensorInfo.has(dataId)) {
        core.engine().moveData(this, dataId);
        value = this.#find(dataId);
      }
      if (!value) throw new Error('tensorflow: the data of a tensor is gone: it was disposed');
      return value;
    }
  }

  return new SessionTensorflow();
}

type Input = TensorInfo | TensorInfo[] | undefined;
type Inputs = Readonly<Record<string, Input>> | TensorInfo[];

function same(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A kernel's inputs as values. */
export function valuesOf(inputs: Inputs, value: (info: TensorInfo) => Value): KernelInputs {
  if (Array.isArray(inputs)) return { list: inputs.map(value) } as unknown as KernelInputs;
  const named: Record<string, Value | Value[]> = {};
  for (const name in inputs) {
    const input = inputs[name];
    if (input) named[name] = Array.isArray(input) ? input.map(value) : value(input);
  }
  return named as unknown as KernelInputs;
}

let registered = false;

function register(): void {
  if (registered) return;
  registered = true;
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const kernelFunc = (({ inputs, attrs, backend }: { inputs: Inputs; attrs: unknown; backend: TensorflowBackend }) =>
      backend.call(kernel, inputs, attrs)) as unknown as KernelFunc;
    core.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}
