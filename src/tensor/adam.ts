// tfjs's Adam with one kernel a variable instead of twelve, on backends that have that kernel (kernels/adam.ts). The optimizer's state,
// its configuration and its weights are tfjs's own.
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { AdamStep } from './kernels/adam.ts';
import { core } from './packages.ts';

/** The gradient of a variable; none where nothing depends on it. */
export interface Gradient {
  readonly name: string;
  readonly tensor: Tensor | null;
}

type Gradients = NamedTensorMap | Gradient[];

interface Moment {
  readonly originalName: string;
  readonly variable: Variable;
}

/** tfjs's optimizer, with the members it types as private. */
interface Adam {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  accBeta1: Variable;
  accBeta2: Variable;
  accumulatedFirstMoment: Moment[];
  accumulatedSecondMoment: Moment[];
  incrementIterations(): void;
  applyGradients(gradients: Gradients): void;
}

/** Replaces the method of tfjs's class. Called once, when TensorFlow.js is loaded. */
export function fuseAdam(): void {
  const prototype = core.AdamOptimizer.prototype as unknown as Adam;
  const { applyGradients } = prototype;
  prototype.applyGradients = function (gradients) {
    const named = gradientsOf(gradients);
    const plain =
      core.getKernel('AdamUpdate', core.getBackend()) && named.every(({ tensor }) => tensor?.dtype !== 'complex64');
    if (!plain) return applyGradients.call(this, gradients);
    core.tidy(() => applyFused(this, named));
    this.incrementIterations();
  };
}

/** Gradients as a list, whichever way tfjs hands them over. */
export function gradientsOf(gradients: Gradients): Gradient[] {
  if (Array.isArray(gradients)) return gradients;
  return Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
}

function applyFused(adam: Adam, gradients: readonly Gradient[]): void {
  const { accBeta1, accBeta2, beta1, beta2, epsilon, learningRate: rate } = adam;
  const [power1, power2] = [numberIn(accBeta1), numberIn(accBeta2)];
  const attrs: AdamStep = {
    rate,
    beta1,
    beta2,
    epsilon,
    correction1: 1 - power1,
    correction2: 1 - power2,
  };
  const { registeredVariables } = core.engine();
  gradients.forEach(({ name, tensor: gradient }, i) => {
    const value = registeredVariables[name]!;
    const moment = (kind: string): Moment => ({
      originalName: `${name}/${kind}`,
      variable: core.tidy(() => core.zerosLike(value).variable(false)),
    });
    adam.accumulatedFirstMoment[i] ??= moment('m');
    adam.accumulatedSecondMoment[i] ??= moment('v');
    if (!gradient) return;
    const first = adam.accumulatedFirstMoment[i].variable;
    const second = adam.accumulatedSecondMoment[i].variable;
    const inputs = { value, first, second, gradient };
    const [newValue, newFirst, newSecond] = core
      .engine()
      .runKernel('AdamUpdate', inputs, { ...attrs }) as unknown as Tensor[];
    first.assign(newFirst!);
    second.assign(newSecond!);
    value.assign(newValue!);
  });
  setNumber(accBeta1, power1 * Math.fround(beta1));
  setNumber(accBeta2, power2 * Math.fround(beta2));
}

/** What is in a variable that this file has set, by the data that it had then. */
const known = new WeakMap<object, number>();

/** A variable's one number. Reading it would wait for the device, so one that was set here is remembered. */
function numberIn(variable: Variable): number {
  return known.get(variable.dataId) ?? variable.dataSync()[0]!;
}

/** To be called when a variable gets another value than by this file. */
export const forgetNumber = (variable: Variable): boolean => known.delete(variable.dataId);

function setNumber(variable: Variable, value: number): void {
  variable.assign(core.scalar(value));
  known.set(variable.dataId, Math.fround(value));
}
