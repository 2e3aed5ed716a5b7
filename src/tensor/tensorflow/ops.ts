// What the table of kernels is written against: TensorFlow ops on values, without a word of how they run. The same kernel is executed
// at once (eager.ts) or recorded into a graph.
import type { Dtype } from './dtypes.ts';

/** One value of the computation: executed (an eager handle behind it) or recorded (an output of a graph). Opaque to kernels. */
export interface Value {
  readonly dtype: Dtype;
  /** −1 where a length is unknown, which happens only while recording. */
  readonly shape: readonly number[];
}

/** An attribute of a TensorFlow op. A dtype is given by its name, a shape as its lengths; the library knows which one is meant. */
export type Attr =
  | number
  | boolean
  | string
  | readonly number[]
  | readonly string[]
  | readonly boolean[]
  | readonly (readonly number[])[];

export type Attrs = Readonly<Record<string, Attr>>;

/** Inputs in the op's order. An inner array is one list input, whose length becomes its attribute (`N`) by itself. */
export type Inputs = readonly (Value | readonly Value[])[];

/** Runs ops, now or later. */
export interface Ops {
  readonly recording: boolean;
  /**
   * All outputs of one op. Attributes that TensorFlow infers from the inputs (`T`, `N`, …) are left out; so are those with a default.
   * @throws Error with TensorFlow's message when the op refuses its inputs.
   */
  run(op: string, inputs: Inputs, attrs?: Attrs): Value[];
  /** The first output of one op. `like`: a value of the dtype and shape that it is known to have, which then need not be asked for. */
  one(op: string, inputs: Inputs, attrs?: Attrs, like?: Value): Value;
  /**
   * A value known here: one number (a scalar, or with a shape one that fills it), or values in row-major order. The shape defaults to
   * `[]` for a number, to one axis for a list.
   */
  constant(values: number | ArrayLike<number> | readonly string[], dtype: Dtype, shape?: readonly number[]): Value;
}

type InputName =
  | 'a'
  | 'alpha'
  | 'b'
  | 'boxInd'
  | 'boxes'
  | 'condition'
  | 'data'
  | 'dataSplits'
  | 'defaultValue'
  | 'delimiter'
  | 'deltas'
  | 'denseShape'
  | 'dy'
  | 'e'
  | 'filter'
  | 'first'
  | 'gradient'
  | 'imag'
  | 'image'
  | 'images'
  | 'indices'
  | 'input'
  | 'inputIndices'
  | 'inputShape'
  | 'limits'
  | 'logits'
  | 'mean'
  | 'newShape'
  | 'numLower'
  | 'numUpper'
  | 'output'
  | 'params'
  | 'paramsDenseValues'
  | 'real'
  | 's0'
  | 's1'
  | 'scores'
  | 'second'
  | 'segmentIds'
  | 'shape'
  | 'sortedSequence'
  | 'sparseIndices'
  | 'sparseValues'
  | 'starts'
  | 't'
  | 'tensor'
  | 'transforms'
  | 'updates'
  | 'value'
  | 'values'
  | 'variance'
  | 'weights'
  | 'x'
  | 'y';

/** Inputs of a tfjs kernel, by tfjs's names (kernel_names.d.ts). A kernel of a plain list (Concat, AddN, …) finds it as `list`. */
export type KernelInputs = { readonly [name in InputName]: Value } & {
  readonly bias?: Value;
  readonly offset?: Value;
  readonly preluActivationWeights?: Value;
  readonly scale?: Value;
  /** int32 [2] */
  readonly seed?: Value;
  readonly list: readonly Value[];
  readonly paramsNestedSplits: readonly Value[];
  readonly rowPartitionTensors: readonly Value[];
};

/** Attributes of a tfjs kernel; a kernel declares those of its own name: `(ops, { x }, { axis }: MaxAttrs) => …`. */
// biome-ignore lint/suspicious/noExplicitAny: tfjs types attributes by kernel, and hands them over untyped.
export type KernelAttrs = any;

/**
 * A tfjs kernel in terms of TensorFlow ops. It must not read values. What it makes on the way is freed when it has returned; an input
 * may be returned as it is (it is shared, not copied). Outputs have tfjs's dtypes: float32, int32, bool, complex64 or string.
 */
export type Kernel = (ops: Ops, inputs: KernelInputs, attrs: KernelAttrs) => Value | Value[];
