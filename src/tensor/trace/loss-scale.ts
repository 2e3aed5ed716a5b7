// Loss scaling for float16, whose smallest numbers gradients fall below: the loss is multiplied before its gradients are taken, they are
// divided after it; a step whose gradients are not finite is left out and lowers the factor, 2,000 good ones raise it (Micikevicius
// et al. 2018, with PyTorch's numbers).
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { assignsOnlyIf } from './assigns.ts';
import { override } from './override.ts';

const first = 2 ** 16;
/** Good steps after which the factor is doubled. */
const patience = 2000;

type Gradients = NamedTensorMap | { readonly name: string; readonly tensor: Tensor | null }[];

/** tfjs's base class of optimizers, with members that it types otherwise. */
interface Optimizer {
  computeGradients(f: () => Scalar, variables?: Variable[]): { value: Scalar; grads: NamedTensorMap };
  minimize(f: () => Scalar, returnCost?: boolean, variables?: Variable[]): Scalar | null;
  applyGradients(gradients: Gradients): void;
}

/** The factor of one model or function, on the device. */
export class LossScale {
  readonly factor: Variable;
  /** Good steps since it was changed. */
  readonly good: Variable;

  constructor() {
    [this.factor, this.good] = core.tidy(() => [first, 0].map((n) => core.variable(core.scalar(n), false))) as [
      Variable,
      Variable,
    ];
  }

  /** Has optimizers scale while a step is recorded. The result undoes it. */
  record(): () => void {
    const scale = this;
    const { prototype } = core.Optimizer as unknown as { prototype: Optimizer };
    const { computeGradients, minimize } = prototype;
    return override(prototype, {
      computeGradients(this: Optimizer, f, variables) {
        const { value, grads } = computeGradients.call(this, () => core.mul(f(), scale.factor) as Scalar, variables);
        const down = (tensor: Tensor) => core.div(tensor, scale.factor);
        const scaled = Object.entries(grads).map(([name, gradient]) => [name, gradient && down(gradient)]);
        return { value: down(value) as Scalar, grads: Object.fromEntries(scaled) };
      },
      minimize(this: Optimizer, f, returnCost, variables) {
        const { applyGradients } = this;
        const back = override(this as Optimizer, {
          applyGradients: (gradients) => scale.#applyFinite(gradients, () => applyGradients.call(this, gradients)),
        });
        try {
          return minimize.call(this, f, returnCost, variables);
        } finally {
          back();
        }
      },
    });
  }

  /** What `apply` assigns counts only where all gradients are finite. */
  #applyFinite(gradients: Gradients, apply: () => void): void {
    core.tidy(() => {
      const list = Array.isArray(gradients) ? gradients.map(({ tensor }) => tensor) : Object.values(gradients);
      const sums = list.flatMap((tensor) => (tensor ? [core.sum(core.mul(tensor, 0))] : []));
      // 0 times what is not finite is NaN.
      const isGood = core.equal(sums.length > 0 ? core.addN(sums) : 0, 0);
      assignsOnlyIf(isGood, apply);
      this.#adapt(isGood);
    });
  }

  #adapt(isGood: Tensor): void {
    const good = core.add(this.good, 1);
    const isLong = core.equal(good, patience);
    const raised = core.where(isLong, core.mul(this.factor, 2), this.factor);
    this.factor.assign(core.where(isGood, raised, core.mul(this.factor, 0.5)));
    this.good.assign(core.where(core.logicalAnd(isGood, core.logicalNot(isLong)), good, 0));
  }

  [Symbol.dispose](): void {
    this.factor.dispose();
    this.good.dispose();
  }
}
