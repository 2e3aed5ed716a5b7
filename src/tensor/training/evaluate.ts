// `evaluate` and `predict` over many batches.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import type { Step } from '../trace/loop.ts';
import type { Model } from './own.ts';
import { shapesOf } from './programs.ts';
import { Runner } from './runner.ts';
import { cameBefore, runStep } from './step.ts';

/** From so many batches on, recording pays at once. */
const manyBatches = 4;

/** Whether compiling will pay: many batches, or not for the first time. */
export function pays(model: object, purpose: string, data: readonly Tensor[], batchSize: number): boolean {
  return (
    cameBefore(model, `${purpose} ${batchSize} ${shapesOf(data)}`) || data[0]!.shape[0]! >= manyBatches * batchSize
  );
}

/** The means of a step's values over all samples. */
export function evaluateCompiled(model: Model, step: Step, data: readonly Tensor[], batchSize: number): Tensor[] {
  const runner = new Runner({ model, purpose: 'evaluate', data, batchSize, step });
  runner.begin();
  try {
    for (let from = 0; from < runner.samples; ) {
      const plan = runner.plan(from);
      for (const value of runner.run(plan).values) value.dispose();
      from += plan.steps * plan.size;
    }
    return runner.means(runner.samples);
  } finally {
    runner[Symbol.dispose]();
  }
}

/** tfjs's `predictLoop`. */
export type Predict = (inputs: Tensor | Tensor[], batchSize: number) => Tensor | Tensor[];

/** What a model gives for samples, batch by batch. */
export function predictCompiled(
  model: Model,
  predict: Predict,
  inputs: readonly Tensor[],
  batchSize: number,
): Tensor | Tensor[] {
  const samples = inputs[0]!.shape[0]!;
  const ofBatch = (batch: readonly Tensor[]) =>
    runStep<Tensor | Tensor[]>(model, 'predict', (given) => predict(given as Tensor[], batchSize), batch, true);
  if (samples <= batchSize) return ofBatch(inputs);
  return core.tidy(() => {
    const outputs: (Tensor | Tensor[])[] = [];
    for (let from = 0; from < samples; from += batchSize) {
      const size = Math.min(batchSize, samples - from);
      outputs.push(ofBatch(inputs.map((input) => core.slice(input, [from], [size]))));
    }
    const first = outputs[0]!;
    if (!Array.isArray(first)) return core.concat(outputs as Tensor[], 0);
    return first.map((_, i) =>
      core.concat(
        outputs.map((list) => (list as Tensor[])[i]!),
        0,
      ),
    );
  });
}
