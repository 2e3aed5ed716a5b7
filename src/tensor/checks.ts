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
  FusedBatchNorm: statistics,
  MirrorPad: paddings,
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
