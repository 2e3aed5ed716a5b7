// Lower precision of a recorded step: products and convolutions take their inputs rounded to 16 bits, all else and all that is kept stays
// float32, as PyTorch's autocast has it.
import type { Dtype } from '../tensorflow/dtypes.ts';
import type { Attrs, Inputs, Ops, Value } from '../tensorflow/ops.ts';

/** What `fit` and `jit` take. */
export type Precision = 'float32' | 'bfloat16' | 'float16';

const precisions: readonly Precision[] = ['float32', 'bfloat16', 'float16'];

/** @throws TypeError unless it is one of the three, or left out. */
export function checkPrecision(who: string, precision: unknown): Precision {
  if (precision === undefined) return 'float32';
  if (precisions.includes(precision as Precision)) return precision as Precision;
  throw new TypeError(`${who}: precision must be one of ${precisions.join(', ')}, got ${precision}`);
}

/** Operations that are worth it: most of the time goes into them, and they add up in float32 inside. */
const lowered = new Set([
  'BatchMatMulV2',
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'Conv3D',
  'Conv3DBackpropFilterV2',
  'Conv3DBackpropInputV2',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'MatMul',
]);

/** The same operations, some of them in a lower precision. */
export class LoweredOps implements Ops {
  readonly recording: boolean;
  readonly #ops: Ops;
  readonly #dtype: Dtype;

  constructor(ops: Ops, precision: Exclude<Precision, 'float32'>) {
    this.#ops = ops;
    this.recording = ops.recording;
    this.#dtype = precision;
  }

  run(op: string, inputs: Inputs, attrs?: Attrs): Value[] {
    if (!lowered.has(op)) return this.#ops.run(op, inputs, attrs);
    const given = inputs.map((input) =>
      'dtype' in input && input.dtype === 'float32' ? this.#cast(input, this.#dtype) : input,
    );
    return this.#ops
      .run(op, given, attrs)
      .map((value) => (value.dtype === this.#dtype ? this.#cast(value, 'float32') : value));
  }

  one(op: string, inputs: Inputs, attrs?: Attrs, like?: Value): Value {
    return lowered.has(op) ? this.run(op, inputs, attrs)[0]! : this.#ops.one(op, inputs, attrs, like);
  }

  constant(...given: Parameters<Ops['constant']>): Value {
    return this.#ops.constant(...given);
  }

  #cast(value: Value, dtype: Dtype): Value {
    return this.#ops.one('Cast', [value], { DstT: dtype });
  }
}
