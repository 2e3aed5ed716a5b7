// One step of Adam for one variable in three shaders, a pass over its numbers each: tfjs composes it of fourteen kernels. The kernel
// that ../adam.ts calls.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamStep } from '../kernels/adam.ts';
import { core } from '../packages.ts';
import type { Kernel } from './mended.ts';
import { type TfjsWebgpu, webgpuPackage } from './package.ts';

/** A shader over vectors of the same length: what it is kept under, its vectors, its numbers, and what it writes. */
interface Shader {
  readonly key: string;
  readonly vectors: readonly string[];
  readonly numbers: readonly string[];
  /** In WGSL; `x` is the vector x's element. */
  readonly result: string;
}

const FIRST: Shader = {
  key: 'adamFirst',
  vectors: ['first', 'gradient'],
  numbers: ['beta', 'rest'],
  result: 'first * uniforms.beta + gradient * uniforms.rest',
};
const SECOND: Shader = {
  key: 'adamSecond',
  vectors: ['second', 'gradient'],
  numbers: ['beta', 'rest'],
  result: 'second * uniforms.beta + gradient * gradient * uniforms.rest',
};
const VALUE: Shader = {
  key: 'adamValue',
  vectors: ['value', 'first', 'second'],
  numbers: ['rate', 'scale', 'epsilon'],
  result: 'value - first * uniforms.rate / (sqrt(second * uniforms.scale) + uniforms.epsilon)',
};

/** value, first, second, gradient: float32 of one shape → new value, first and second moment. */
export const updateAdam: Kernel = ({ inputs, attrs, backend }) => {
  const { value, first, second, gradient } = inputs as Record<'value' | 'first' | 'second' | 'gradient', TensorInfo>;
  const step = attrs as AdamStep;
  const run = (shader: Shader, vectors: TensorInfo[], numbers: number[]) =>
    runShader(backend as TfjsWebgpu, shader, vectors, numbers);
  const newFirst = run(FIRST, [first, gradient], [step.beta1, 1 - step.beta1]);
  const newSecond = run(SECOND, [second, gradient], [step.beta2, 1 - step.beta2]);
  const numbers = [step.rate / step.correction1, 1 / step.correction2, step.epsilon];
  return [run(VALUE, [value, newFirst, newSecond], numbers), newFirst, newSecond];
};

function runShader(backend: TfjsWebgpu, shader: Shader, vectors: TensorInfo[], numbers: number[]): TensorInfo {
  const { shape } = vectors[0]!;
  const length = [core.util.sizeFromShape(shape)];
  const { flatDispatchLayout, computeDispatch } = webgpuPackage().webgpu_util;
  const workgroupSize = [64, 1, 1];
  const dispatchLayout = flatDispatchLayout(length);
  const upper = (name: string) => name[0]!.toUpperCase() + name.slice(1);
  const program = {
    variableNames: shader.vectors,
    uniforms: shader.numbers.map((name) => `${name} : f32,`).join(' '),
    workgroupSize,
    size: true,
    outputShape: length,
    dispatchLayout,
    dispatch: computeDispatch(dispatchLayout, length, workgroupSize),
    shaderKey: shader.key,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${shader.vectors.map((name) => `let ${name} = get${upper(name)}(index);`).join('\n')}
          setOutputAtIndex(index, ${shader.result});
        }
      }`,
  };
  const flat = vectors.map((info) => ({ ...info, shape: length }));
  const uniforms = numbers.map((number) => ({ type: 'float32' as const, data: [number] }));
  return { ...backend.runWebGPUProgram(program, flat, 'float32', uniforms), shape };
}
