// The backend of tfjs while a function is recorded: its kernels go into a graph, tensors from before become inputs, values given by
// JavaScript become constants, and reading a value is refused.
import type { backend_util, DataType, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { Seed } from '../random/philox.ts';
import { type TensorflowBackend, valuesOf } from '../tensorflow/backend.ts';
import { openContext } from '../tensorflow/context.ts';
import type { GraphFunction } from '../tensorflow/function.ts';
import { GraphOps, type GraphValue } from '../tensorflow/graph.ts';
import { kernels } from '../tensorflow/kernels/table.ts';
import type { Attrs, Kernel, KernelInputs, Ops } from '../tensorflow/ops.ts';
import { type Effect, NotRecordable, type Recording } from './current.ts';
import { maxPoolGradient } from './max-pool.ts';
import { LoweredOps, type Precision } from './precision.ts';
import { ReluGradients } from './relu.ts';

/** Where an input of the graph comes from at each call. */
export type Source =
  | { readonly kind: 'captured'; readonly tensor: Tensor }
  | { readonly kind: 'tensor'; readonly read: () => Tensor };

/** An input and its place in the graph. */
export interface RecordedInput {
  source: Source;
  readonly value: GraphValue;
}

/** A recording with what it has gathered so far. */
export interface Recorder extends TensorflowBackend, Recording {
  readonly precision: Precision;
  /** Whether parts of it may be XLA's. */
  readonly xla: boolean;
  readonly ops: GraphOps;
  readonly inputs: readonly RecordedInput[];
  /** Numbers in the order in which they were asked for, and the input of them: float32 [steps, numbers]. */
  readonly reads: readonly (() => number)[];
  readonly numbers: GraphValue | undefined;
  /** Draws of random numbers in their order, and the input of their seeds: int32 [steps, draws, 2]. */
  readonly draws: readonly (() => Seed)[];
  readonly seeds: GraphValue | undefined;
  /** Which of the steps of a call it is, int32: 0 where there is one. */
  step: GraphValue;
  readonly effects: readonly Effect[];
  /** Functions that its operations call: bodies of loops. They must outlive what is made of the recording. */
  readonly functions: GraphFunction[];
  /** Tensors that are no variables and have other values after a call. */
  readonly carried: readonly { readonly read: () => Tensor; readonly value: GraphValue }[];
  /** A tensor of a recorded value, in the running scope. */
  tensorOf(value: GraphValue): Tensor;
  /** What is recorded of a tensor: one from before becomes an input. */
  recorded(tensor: TensorInfo): GraphValue;
  /** Whether data is the recording's own. */
  owns(dataId: object): boolean;
}

export function makeRecorder(precision: Precision = 'float32', xla = true): Recorder {
  const ops = new GraphOps(openContext());
  const relus = new ReluGradients();
  const kernelOps: Ops = precision === 'float32' ? ops : new LoweredOps(ops, precision);

  class GraphRecorder extends core.KernelBackend implements Recorder {
    readonly ops = ops;
    readonly precision = precision;
    readonly xla = xla;
    readonly inputs: RecordedInput[] = [];
    readonly reads: (() => number)[] = [];
    readonly draws: (() => Seed)[] = [];
    numbers: GraphValue | undefined;
    #numbersOfStep: GraphValue | undefined;
    readonly effects: Effect[] = [];
    readonly functions: GraphFunction[] = [];
    readonly carried: { read: () => Tensor; value: GraphValue }[] = [];
    seeds: GraphValue | undefined;
    step = ops.constant(0, 'int32') as GraphValue;
    readonly #data = new Map<object, { readonly value: GraphValue; references: number }>();
    readonly #captured = new Map<TensorInfo, GraphValue>();

    call: TensorflowBackend['call'] = (kernel, inputs, attrs) => {
      const values = valuesOf(inputs, (info) => this.recorded(info));
      const results =
        relus.of(ops, kernel, values) ?? this.#pool(kernel, values, attrs) ?? kernel(kernelOps, values, attrs ?? {});
      if (!Array.isArray(results)) relus.note(kernel, values, (attrs ?? {}) as Attrs, results);
      return Array.isArray(results)
        ? results.map((result) => this.#infoOf(result as GraphValue))
        : this.#infoOf(results as GraphValue);
    };

    #pool(kernel: Kernel, { input, output, dy }: KernelInputs, attrs: unknown): GraphValue | undefined {
      if (!xla || kernel !== kernels.MaxPoolGrad) return undefined;
      return maxPoolGradient(this, input as GraphValue, output as GraphValue, dy as GraphValue, attrs as never);
    }

    number(read: () => number): Tensor {
      const first = ops.constant(0, 'int32');
      this.numbers ??= ops.placeholder('float32', [-1, -1]);
      this.#numbersOfStep ??= ops.one('GatherV2', [this.numbers, this.step, first]) as GraphValue;
      const at = ops.constant(this.reads.length, 'int32');
      this.reads.push(read);
      return this.tensorOf(ops.one('GatherV2', [this.#numbersOfStep, at, first]) as GraphValue);
    }

    tensor(read: () => Tensor): Tensor {
      const { dtype, shape } = read();
      return this.tensorOf(this.#input({ kind: 'tensor', read }, dtype, shape));
    }

    seed(next: () => Seed): Tensor {
      this.seeds ??= ops.placeholder('int32', [-1, -1, 2]);
      // A gather, since XLA compiles for each place where a slice begins.
      const ofStep = ops.one('GatherV2', [this.seeds, this.step, ops.constant(0, 'int32')]);
      const draw = ops.constant([this.draws.length, 0], 'int32');
      this.draws.push(next);
      const seed = ops.one('Slice', [ofStep, draw, ops.constant([1, 2], 'int32')]);
      return this.tensorOf(ops.one('Reshape', [seed, ops.constant([2], 'int32')]) as GraphValue);
    }

    carry(read: () => Tensor, next: Tensor): void {
      const tensor = read();
      // An input also if nothing reads it: a loop carries what it writes.
      const place = this.recorded(tensor);
      const input = this.inputs.find(({ value }) => value === place);
      if (input) input.source = { kind: 'tensor', read };
      this.carried.push({ read, value: this.recorded(next) });
    }

    effect(prepare: Effect): void {
      this.effects.push(prepare);
    }

    tensorOf(value: GraphValue): Tensor {
      const { dataId, shape, dtype } = this.#infoOf(value);
      return core.engine().makeTensorFromDataId(dataId, shape, dtype, this);
    }

    recorded(info: TensorInfo): GraphValue {
      const own = this.#data.get(info.dataId);
      if (own) return own.value;
      let value = this.#captured.get(info);
      if (!value) {
        if (!(info instanceof core.Tensor)) throw new NotRecordable('it computes with data that no tensor holds');
        if (info.isDisposed) throw new Error(`a tensor has been disposed, ${info.dtype} [${info.shape.join(', ')}]`);
        value = this.#input({ kind: 'captured', tensor: info }, info.dtype, info.shape);
        this.#captured.set(info, value);
      }
      return value;
    }

    owns(dataId: object): boolean {
      return this.#data.has(dataId);
    }

    #input(source: Source, dtype: DataType, shape: readonly number[]): GraphValue {
      const value = ops.placeholder(dtype, shape);
      this.inputs.push({ source, value });
      return value;
    }

    #infoOf(value: GraphValue): TensorInfo {
      const { shape, dtype } = value;
      if (shape.some((length) => length < 0))
        throw new NotRecordable('an operation in it gives a tensor whose shape depends on values');
      const dataId = {};
      this.#data.set(dataId, { value, references: 1 });
      return { dataId, shape: shape as number[], dtype: dtype as DataType };
    }

    override write(values: backend_util.BackendValues, shape: number[], dtype: DataType): object {
      return this.#infoOf(ops.constant(values as never, dtype, shape) as GraphValue).dataId;
    }

    override move(): void {
      throw new NotRecordable('it changes the backend');
    }

    override readSync(): never {
      throw new NotRecordable('it reads a value of a tensor');
    }

    override read(): never {
      throw new NotRecordable('it reads a value of a tensor');
    }

    override numDataIds(): number {
      return this.#data.size;
    }

    override refCount(dataId: object): number {
      return this.#data.get(dataId)?.references ?? 0;
    }

    override incRef(dataId: object): void {
      const own = this.#data.get(dataId);
      if (own) own.references++;
    }

    override disposeData(dataId: object): boolean {
      const own = this.#data.get(dataId);
      if (!own) return true;
      if (--own.references > 0) return false;
      this.#data.delete(dataId);
      return true;
    }

    override timerAvailable(): boolean {
      return false;
    }

    override floatPrecision(): 32 {
      return 32;
    }

    override memory(): { unreliable: boolean } {
      return { unreliable: false };
    }

    override dispose(): void {
      ops[Symbol.dispose]();
    }
  }

  return new GraphRecorder();
}
