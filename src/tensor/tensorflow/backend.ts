// The `tensorflow` backend of tfjs: keeps the values behind data ids and calls the table of kernels.
import type { backend_util, DataType, KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { openContext } from './context.ts';
import { EagerOps } from './eager.ts';
import { kernels } from './kernels/table.ts';
import type { Kernel, KernelInputs } from './ops.ts';
import type { EagerValue, HostValues } from './values.ts';

/** The backend as kernels see it. */
export interface TensorflowBackend extends KernelBackend {
  /** Runs a kernel of the table on tensors. */
  call(kernel: Kernel, inputs: Inputs, attrs: unknown): TensorInfo | TensorInfo[];
}

/** Makes the backend and registers its kernels. @throws Error when the library can't be loaded. */
export function openTensorflow(): TensorflowBackend {
  const ops = new EagerOps(openContext());
  register();

  // The class is made here because its base comes with a package that loads late.
  class SessionTensorflow extends core.KernelBackend implements TensorflowBackend {
    readonly ops = ops;
    readonly #data = new Map<object, EagerValue>();

    override numDataIds(): number {
      return this.#data.size;
    }

    override write(values: backend_util.BackendValues | null, shape: number[], dtype: DataType): object {
      const dataId = {};
      this.move(dataId, values, shape, dtype, 1);
      return dataId;
    }

    override move(
      dataId: object,
      values: backend_util.BackendValues | null,
      shape: number[],
      dtype: DataType,
      refCount: number,
    ): void {
      const size = core.util.sizeFromShape(shape) * (dtype === 'complex64' ? 2 : 1);
      const value = this.ops.values.make((values ?? new Float32Array(size)) as HostValues, dtype, [...shape]);
      value.references = refCount;
      this.#data.set(dataId, value);
    }

    override readSync(dataId: object): backend_util.BackendValues {
      return this.ops.values.read(this.#get(dataId)) as backend_util.BackendValues;
    }

    override async read(dataId: object): Promise<backend_util.BackendValues> {
      return this.readSync(dataId);
    }

    override refCount(dataId: object): number {
      return this.#data.get(dataId)?.references ?? 0;
    }

    override incRef(dataId: object): void {
      this.#get(dataId).references++;
    }

    decRef(dataId: object): void {
      this.#get(dataId).references--;
    }

    override disposeData(dataId: object, force = false): boolean {
      const value = this.#data.get(dataId);
      if (!value) return true;
      value.references--;
      if (value.references > 0 && !force) return false;
      this.#data.delete(dataId);
      this.ops.values.free(value);
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
      for (const value of this.#data.values()) this.ops.values.free(value);
      this.#data.clear();
    }

    call(kernel: Kernel, inputs: Inputs, attrs: unknown): TensorInfo | TensorInfo[] {
      const given = new Map<EagerValue, object>();
      const value = ({ dataId, shape }: TensorInfo): EagerValue => {
        const found = this.#get(dataId);
        given.set(found, dataId);
        return same(found.shape, shape) ? found : this.#reshaped(found, shape);
      };
      let isList = false;
      const results = this.ops.scope(() => {
        const out = kernel(this.ops, valuesOf(inputs, value), attrs ?? {});
        isList = Array.isArray(out);
        return out;
      });
      const infos = results.map((result) => this.#infoOf(result, given));
      return isList ? infos : infos[0]!;
    }

    /** A tensor of a result. An input, or one result twice, is shared; a constant stays the executor's. */
    #infoOf(result: EagerValue, known: Map<EagerValue, object>): TensorInfo {
      const { shape, dtype } = result;
      let dataId = known.get(result);
      if (dataId) result.references++;
      else {
        dataId = {};
        this.#data.set(dataId, result.kept ? this.ops.values.share(result) : result);
        if (!result.kept) known.set(result, dataId);
      }
      return { dataId, shape: [...shape], dtype: dtype as DataType };
    }

    #get(dataId: object): EagerValue {
      const value = this.#data.get(dataId);
      if (!value) throw new Error('tensorflow: the data of a tensor is gone: it was disposed');
      return value;
    }

    /** Tensors that another backend let share data may have other shapes than it. */
    #reshaped(value: EagerValue, shape: readonly number[]): EagerValue {
      return this.ops.one('Reshape', [value, this.ops.constant(shape, 'int32')]) as EagerValue;
    }
  }

  return new SessionTensorflow();
}

type Input = TensorInfo | TensorInfo[] | undefined;
type Inputs = Readonly<Record<string, Input>> | TensorInfo[];

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, i) => length === b[i]);

function valuesOf(inputs: Inputs, value: (info: TensorInfo) => EagerValue): KernelInputs {
  if (Array.isArray(inputs)) return { list: inputs.map(value) } as unknown as KernelInputs;
  const named: Record<string, EagerValue | EagerValue[]> = {};
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
    const kernelFunc = (({
      inputs,
      attrs,
      backend,
    }: {
      inputs: Inputs;
      attrs: unknown;
      backend: TensorflowBackend;
    }) => {
      try {
        return backend.call(kernel, inputs, attrs);
      } catch (error) {
        throw explained(error, kernelName, inputs);
      }
    }) as unknown as KernelFunc;
    core.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}

/** The same error with the kernel's name before it and the shapes that came behind it. */
function explained(error: unknown, kernelName: string, inputs: Inputs): unknown {
  if (!(error instanceof Error)) return error;
  const describe = (info: TensorInfo) => `${info.dtype} [${info.shape}]`;
  const came = Object.entries(inputs).flatMap(([name, input]) =>
    input ? `${name} ${[input].flat().map(describe).join(', ')}` : [],
  );
  error.message = `${kernelName}: ${error.message}${came.length > 0 ? `; got ${came.join(', ')}` : ''}`;
  return error;
}
