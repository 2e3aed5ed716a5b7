// One step of Adam for one variable (Kingma & Ba, 2015, algorithm 1) in as few ops as there are. A kernel of our own, called by adam.ts
// beside these folders.
import type { AdamStep } from '../../kernels/adam.ts';
import type { Kernel, Value } from '../ops.ts';

export const adamKernels: Record<string, Kernel> = {
  AdamUpdate: (ops, { value, first, second, gradient }, step: AdamStep) => {
    const [add, sub, mul, div] = ['AddV2', 'Sub', 'Mul', 'RealDiv'].map(
      (op) => (a: Value, b: Value) => ops.one(op, [a, b]),
    ) as [Compute, Compute, Compute, Compute];
    const number = (value: number) => ops.constant(value, 'float32');
    const newFirst = add(mul(first, number(step.beta1)), mul(gradient, number(1 - step.beta1)));
    const squares = ops.one('Square', [gradient]);
    const newSecond = add(mul(second, number(step.beta2)), mul(squares, number(1 - step.beta2)));
    // Both corrections go into scalars: m·r/c₁ ÷ (√(v/c₂) + ε) = m·(r·√c₂/c₁) ÷ (√v + ε·√c₂).
    const root = Math.sqrt(step.correction2);
    const below = add(ops.one('Sqrt', [newSecond]), number(step.epsilon * root));
    const change = mul(div(newFirst, below), number((step.rate * root) / step.correction1));
    return [sub(value, change), newFirst, newSecond];
  },
};
type Compute = (a: Value, b: Value) => Value;
