// One step of Adam for one variable (Kingma & Ba, 2015, algorithm 1), in one pass: tfjs composes it of twelve kernels, which is a
// third of a small network's step. A kernel of our own, called by adam.ts beside this folder.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmModule } from '../wasm-module.ts';
import { type Kernel, type KernelCall, offsetOf } from './call.ts';
import { add, array, compileLoop, div, type Loop, mul, scalar, sqrt, sub } from './loops.ts';

/** Attributes; the corrections are 1 − βᵗ of the two moments. */
export interface AdamStep {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly epsilon: number;
}

export const adamKernels: Record<string, Kernel> = { AdamUpdate: update };

const [value, first, second, gradient] = [0, 1, 2, 3].map(array) as Four;
const [beta1, rest1, beta2, rest2, rate, scale, epsilon] = [0, 1, 2, 3, 4, 5, 6].map(scalar) as [...Four, ...Four];
type Four = [ReturnType<typeof array>, ReturnType<typeof array>, ReturnType<typeof array>, ReturnType<typeof array>];

const newFirst = add(mul(first, beta1), mul(gradient, rest1));
const newSecond = add(mul(second, beta2), mul(mul(gradient, gradient), rest2));
/** `rate` is divided by the first correction, `scale` is one over the second. */
const newValue = sub(value, div(mul(newFirst, rate), add(sqrt(mul(newSecond, scale)), epsilon)));

const loops = new WeakMap<WasmModule, Loop>();

/** value, first, second, gradient: float32 of one shape → new value, first and second moment. */
function update({ inputs, attrs, backend }: KernelCall): TensorInfo[] {
  const { wasm } = backend;
  const loop =
    loops.get(wasm) ?? compileLoop({ arrays: 4, scalars: 7, outputs: [newValue, newFirst, newSecond] }, wasm);
  loops.set(wasm, loop);
  const given = [inputs.value!, inputs.first!, inputs.second!, inputs.gradient!];
  const out = [0, 1, 2].map(() => backend.makeOutput(given[0]!.shape, 'float32'));
  const offsets = [...given, ...out].map((info) => offsetOf(backend, info));
  const step = attrs as AdamStep;
  const count = given[0]!.shape.reduce((size, length) => size * length, 1);
  loop(count, offsets, [
    step.beta1,
    1 - step.beta1,
    step.beta2,
    1 - step.beta2,
    step.rate / step.correction1,
    1 / step.correction2,
    step.epsilon,
  ]);
  return out;
}
