// The updates of tfjs's seven optimizers while a step is recorded: the same arithmetic, with every hyper-parameter an input that is read
// again at each step. tfjs's own write them into the graph as constants, and a learning rate that is changed later would not count.
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { forgetNumber, type Gradient, gradientsOf } from '../adam.ts';
import { core } from '../packages.ts';
import { NotRecordable, type Recording, recording } from './current.ts';
import { override } from './override.ts';

/** A slot of an optimizer: what it remembers of a variable. */
interface Slot {
  readonly variable: Variable;
}

/** The optimizers, with the members that tfjs types as private. */
interface Optimizer {
  iterations: number;
  iterations_: number;
  incrementIterations(): void;
  applyGradients(gradients: NamedTensorMap | Gradient[]): void;
}

/** What an update works on: one variable, its gradient, and the slots of its number. */
type Each = (update: (value: Variable, gradient: Tensor, slot: (slots: readonly Slot[]) => Variable) => void) => void;

type Update<T> = (
  optimizer: T & Optimizer,
  each: Each,
  number: Recording['number'],
  input: Recording['tensor'],
) => void;

interface Sgd {
  readonly c: Tensor;
}

/** The number in a scalar that its owner never changes, but exchanges. */
const numberIn = ({ c }: Sgd): number => {
  const known = numbers.get(c) ?? c.dataSync()[0]!;
  numbers.set(c, known);
  return known;
};
const numbers = new WeakMap<Tensor, number>();

const sgd: Update<Sgd> = (optimizer, each, number) => {
  const rate = number(() => numberIn(optimizer));
  each((value, gradient) => value.assign(core.add(core.mul(rate, gradient), value)));
};

interface Momentum extends Sgd {
  readonly m: Tensor;
  readonly useNesterov: boolean;
  readonly accumulations: readonly Slot[];
}

const momentum: Update<Momentum> = (optimizer, each, number, input) => {
  const [rate, momentum] = [number(() => numberIn(optimizer)), input(() => optimizer.m)];
  each((value, gradient, slot) => {
    const sum = slot(optimizer.accumulations);
    const newSum = core.add(core.mul(momentum, sum), gradient);
    const ahead = optimizer.useNesterov ? core.add(gradient, core.mul(newSum, momentum)) : newSum;
    sum.assign(newSum);
    value.assign(core.add(core.mul(rate, ahead), value));
  });
};

interface Adagrad {
  readonly learningRate: number;
  readonly accumulatedGrads: readonly Slot[];
}

const adagrad: Update<Adagrad> = (optimizer, each, number) => {
  const rate = number(() => -optimizer.learningRate);
  const epsilon = core.backend().epsilon();
  each((value, gradient, slot) => {
    const squares = slot(optimizer.accumulatedGrads);
    squares.assign(core.add(squares, core.square(gradient)));
    const direction = core.div(gradient, core.sqrt(core.add(squares, epsilon)));
    value.assign(core.add(core.mul(direction, rate), value));
  });
};

interface Adadelta extends Adagrad {
  readonly rho: number;
  readonly epsilon: number;
  readonly accumulatedUpdates: readonly Slot[];
}

const adadelta: Update<Adadelta> = (optimizer, each, number) => {
  const rate = number(() => -optimizer.learningRate);
  const [rho, rest] = [number(() => optimizer.rho), number(() => 1 - optimizer.rho)];
  const epsilon = number(() => optimizer.epsilon);
  each((value, gradient, slot) => {
    const squares = slot(optimizer.accumulatedGrads);
    const updates = slot(optimizer.accumulatedUpdates);
    const scale = core.div(core.sqrt(core.add(updates, epsilon)), core.sqrt(core.add(squares, epsilon)));
    const update = core.mul(scale, gradient);
    const newSquares = core.add(core.mul(squares, rho), core.mul(core.square(gradient), rest));
    updates.assign(core.add(core.mul(updates, rho), core.mul(core.square(update), rest)));
    squares.assign(newSquares);
    value.assign(core.add(core.mul(update, rate), value));
  });
};

interface RmsProp {
  readonly learningRate: number;
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  readonly accumulatedMeanSquares: readonly Slot[];
  readonly accumulatedMoments: readonly Slot[];
  readonly accumulatedMeanGrads: readonly Slot[];
}

const rmsprop: Update<RmsProp> = (optimizer, each, number) => {
  const rate = number(() => optimizer.learningRate);
  const [decay, rest] = [number(() => optimizer.decay), number(() => 1 - optimizer.decay)];
  const momentum = number(() => optimizer.momentum);
  const epsilon = number(() => optimizer.epsilon);
  each((value, gradient, slot) => {
    const squares = slot(optimizer.accumulatedMeanSquares);
    const moments = slot(optimizer.accumulatedMoments);
    squares.assign(core.add(core.mul(squares, decay), core.mul(core.square(gradient), rest)));
    let below: Tensor = core.add(squares, epsilon);
    if (optimizer.centered) {
      const means = slot(optimizer.accumulatedMeanGrads);
      means.assign(core.add(core.mul(means, decay), core.mul(gradient, rest)));
      below = core.sub(squares, core.add(core.square(means), epsilon));
    }
    const step = core.div(core.mul(gradient, rate), core.sqrt(below));
    moments.assign(core.add(core.mul(moments, momentum), step));
    value.assign(core.sub(value, moments));
  });
};

interface Adam {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
  readonly accumulatedFirstMoment: readonly Slot[];
  readonly accumulatedSecondMoment: readonly Slot[];
}

/** The corrections of both moments are moved into scalars, as in tensorflow/kernels/adam.ts. */
const adam: Update<Adam> = (optimizer, each, number) => {
  const { accBeta1: power1, accBeta2: power2 } = optimizer;
  const [beta1, rest1] = [number(() => optimizer.beta1), number(() => 1 - optimizer.beta1)];
  const [beta2, rest2] = [number(() => optimizer.beta2), number(() => 1 - optimizer.beta2)];
  const root = core.sqrt(core.sub(1, power2));
  const rate = core.div(
    core.mul(
      number(() => optimizer.learningRate),
      root,
    ),
    core.sub(1, power1),
  );
  const epsilon = core.mul(
    number(() => optimizer.epsilon),
    root,
  );
  each((value, gradient, slot) => {
    const first = slot(optimizer.accumulatedFirstMoment);
    const second = slot(optimizer.accumulatedSecondMoment);
    first.assign(core.add(core.mul(first, beta1), core.mul(gradient, rest1)));
    second.assign(core.add(core.mul(second, beta2), core.mul(core.square(gradient), rest2)));
    const direction = core.div(first, core.add(core.sqrt(second), epsilon));
    value.assign(core.sub(value, core.mul(direction, rate)));
  });
  recording()!.effect(() => () => {
    forgetNumber(power1);
    forgetNumber(power2);
  });
  power1.assign(core.mul(power1, beta1));
  power2.assign(core.mul(power2, beta2));
};

interface Adamax {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly iteration: Variable;
  readonly accBeta1: Variable;
  readonly accumulatedFirstMoment: readonly Slot[];
  readonly accumulatedWeightedInfNorm: readonly Slot[];
}

const adamax: Update<Adamax> = (optimizer, each, number) => {
  const { accBeta1: power, iteration } = optimizer;
  const [beta1, rest1] = [number(() => optimizer.beta1), number(() => 1 - optimizer.beta1)];
  const [beta2, epsilon] = [number(() => optimizer.beta2), number(() => optimizer.epsilon)];
  const decayed = core.add(
    core.mul(
      iteration,
      number(() => optimizer.decay),
    ),
    1,
  );
  const rate = core.div(
    core.div(
      number(() => -optimizer.learningRate),
      decayed,
    ),
    core.sub(1, power),
  );
  each((value, gradient, slot) => {
    const first = slot(optimizer.accumulatedFirstMoment);
    const norm = slot(optimizer.accumulatedWeightedInfNorm);
    first.assign(core.add(core.mul(first, beta1), core.mul(gradient, rest1)));
    norm.assign(core.maximum(core.mul(norm, beta2), core.abs(gradient)));
    value.assign(core.add(core.mul(rate, core.div(first, core.add(norm, epsilon))), value));
  });
  iteration.assign(core.add(iteration, 1));
  power.assign(core.mul(power, beta1));
};

/** tfjs's names of the classes → their updates. */
const updates = {
  SGDOptimizer: sgd,
  MomentumOptimizer: momentum,
  AdagradOptimizer: adagrad,
  AdadeltaOptimizer: adadelta,
  RMSPropOptimizer: rmsprop,
  AdamOptimizer: adam,
  AdamaxOptimizer: adamax,
} satisfies Record<string, Update<never>>;

/** Numbers of an optimizer that are inputs or counters: a change of one needs no new recording. */
export const inputsOfOptimizers: ReadonlySet<string> = new Set(
  'learningRate momentum decay epsilon rho beta1 beta2 iterations_'.split(' '),
);

/** Puts them in the place of tfjs's; notes who makes one. The result puts tfjs's back. */
export function recordedUpdates(used: Set<object>): () => void {
  const undos = Object.entries(updates).map(([name, update]) => {
    const { prototype } = core[name as keyof typeof updates] as unknown as { prototype: Optimizer };
    return override(prototype, {
      applyGradients(this: Optimizer, gradients: NamedTensorMap | Gradient[]) {
        used.add(this);
        applyRecorded(this, update as Update<unknown>, gradientsOf(gradients));
      },
    });
  });
  const { prototype } = core.Optimizer as unknown as { prototype: Optimizer };
  undos.push(
    override(prototype, {
      incrementIterations(this: Optimizer) {
        recording()!.effect((steps) => {
          const next = this.iterations + steps;
          return () => {
            this.iterations_ = next;
          };
        });
      },
    }),
  );
  return () => {
    for (const undo of undos) undo();
  };
}

function applyRecorded(optimizer: Optimizer, update: Update<unknown>, gradients: readonly Gradient[]): void {
  const recorder = recording()!;
  const { registeredVariables } = core.engine();
  const each: Each = (run) =>
    gradients.forEach(({ name, tensor: gradient }, i) => {
      if (!gradient) return;
      const slot = (slots: readonly Slot[]): Variable => {
        if (!slots[i]) throw new NotRecordable('its optimizer has not made its state yet', true);
        return slots[i].variable;
      };
      core.tidy(() => run(registeredVariables[name]!, gradient, slot));
    });
  core.tidy(() =>
    update(
      optimizer,
      each,
      (read) => recorder.number(read),
      (read) => recorder.tensor(read),
    ),
  );
  optimizer.incrementIterations();
}
