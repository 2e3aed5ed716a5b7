// What some kernels take for granted of their inputs without looking, on some backends: a wrong shape would give wrong numbers there.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';

export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo | undefined>>;
  readonly attrs: unknown;
}

const check = (holds: boolean, message: () => string): void => {
  if (!holds) throw new RangeError(message());
};

function paddings({ inputs: { x }, attrs }: KernelCall): void {
  const { paddings } = attrs as { paddings: readonly unknown[] };
  check(
    paddings.length === x!.shape.length,
    () => `there must be a pair of paddings for each of ${x!.shape.length} axes, got ${JSON.stringify(paddings)}`,
  );
}

/** Of a scalar, or along an axis that there is not, some would sum without end. */
function axis({ inputs: { x }, attrs }: KernelCall): void {
  const { axis } = attrs as { axis: number };
  const rank = x!.shape.length;
  check(
    Number.isInteger(axis) && axis >= -rank && axis < rank,
    () => `the axis must be one of the tensor’s ${rank}, got ${axis}`,
  );
}

const pairOf = (value: number | readonly number[] = 1): readonly number[] => [value, value].flat();

/** Windows that reach past the image by more than a stride: some backends would give lengths below zero, and read other tensors' memory. */
function windows({ inputs: { x, filter }, attrs }: KernelCall): void {
  const { filterSize, strides, dilations, pad, dataFormat } = attrs as WindowAttrs;
  if (pad === 'same') return;
  const first = dataFormat === 'NCHW' ? 2 : 1;
  const sizes = filter?.shape ?? pairOf(filterSize);
  for (const axis of [0, 1]) {
    const length = x!.shape[first + axis]!;
    const reach = (sizes[axis]! - 1) * pairOf(dilations)[axis]! + 1;
    const [before, after] = Array.isArray(pad)
      ? (pad[first + axis] as number[])
      : pad === 'valid'
        ? [0, 0]
        : [pad, pad];
    const padded = length + (before as number) + (after as number);
    check(
      padded - reach + pairOf(strides)[axis]! >= 0,
      () => `its windows span ${reach} places of an axis that has ${padded}, padding included`,
    );
  }
}

interface WindowAttrs {
  readonly filterSize?: number | readonly number[];
  readonly strides?: number | readonly number[];
  readonly dilations?: number | readonly number[];
  readonly pad: 'same' | 'valid' | number | readonly unknown[];
  readonly dataFormat?: string;
}

/** A length of the result. */
const whole =
  (name: string) =>
  ({ attrs }: KernelCall): void => {
    const length = (attrs as Record<string, unknown>)[name];
    check(
      Number.isInteger(length),
      () => `${name} must be an integer, got ${typeof length === 'object' ? 'an object' : length}`,
    );
  };

/** Whether a shape broadcasts to another. */
const reaches = (shape: readonly number[], to: readonly number[]): boolean =>
  shape.length <= to.length &&
  shape.every((length, axis) => length === 1 || length === to[to.length - shape.length + axis]);

function statistics({ inputs: { x, ...others } }: KernelCall): void {
  for (const [name, other] of Object.entries(others))
    check(
      !other || reaches(other.shape, x!.shape),
      () => `${name} must broadcast to the shape of x, [${x!.shape}], got [${other!.shape}]`,
    );
}

const checks: Readonly<Record<string, (call: KernelCall) => void>> = {
  AvgPool: windows,
  Conv2D: windows,
  Cumprod: axis,
  Cumsum: axis,
  DepthwiseConv2dNative: windows,
  FusedBatchNorm: statistics,
  FusedConv2D: windows,
  FusedDepthwiseConv2D: windows,
  MaxPool: windows,
  MirrorPad: paddings,
  OneHot: whole('depth'),
  TopK: whole('k'),
  PadV2: paddings,
};

/** tfjs's processor kernels read the parts of complex tensors at wrong places where these broadcast: both get one shape first. */
const complexArithmetic = new Set(['Add', 'Sub', 'Multiply']);

// biome-ignore lint/suspicious/noExplicitAny: kernels are typed by their names.
type KernelFunc = (call: any) => any;

/** A kernel that looks at its inputs first where it must. */
export function checked(kernelName: string, backendName: string, kernel: KernelFunc): KernelFunc {
  const look = checks[kernelName];
  if (look)
    return (call) => {
      look(call);
      return kernel(call);
    };
  if (complexArithmetic.has(kernelName) && backendName !== 'tensorflow')
    return (call) => {
      const { a, b } = call.inputs as Record<'a' | 'b', TensorInfo>;
      if (a.dtype !== 'complex64' || b.dtype !== 'complex64' || String(a.shape) === String(b.shape))
        return kernel(call);
      const shape = core.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      return core.tidy(() => {
        const inputs = { a: spread(a, shape), b: spread(b, shape) };
        return core.engine().makeTensorFromTensorInfo(kernel({ ...call, inputs }));
      });
    };
  return kernel;
}

function spread(info: TensorInfo, shape: number[]): TensorInfo {
  const x = info as Parameters<typeof core.real>[0];
  return core.complex(core.broadcastTo(core.real(x), shape), core.broadcastTo(core.imag(x), shape));
}
