// The step of a model for one batch, as tfjs-layers' own loops call it (`trainOnBatch`, `fitDataset`, `evaluateDataset`): compiled from
// its second call for a shape on, since recording takes longer than doing it once.
import type { Tensor } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { placeOf } from '../place.ts';
import type { HandleBackend } from '../tensorflow/backend.ts';
import { NotRecordable, recording } from '../trace/current.ts';
import { Program } from '../trace/program.ts';
import type { Lowered } from '../trace/record.ts';
import { compiles, type Model } from './choice.ts';
import { Patience } from './patience.ts';
import { programOf, shapesOf } from './programs.ts';

/** What a step gives. */
type Outputs = Tensor | Tensor[];
/** Tensors of a batch; tfjs leaves gaps where there are no weights of samples. */
export type BatchStep<T extends Outputs> = (batch: (Tensor | null)[]) => T;

/** What is called once is not compiled: shapes that have come before, for each model and purpose. */
const seen = new WeakMap<object, Set<string>>();

/** Whether something has come before. Notes that it has now. */
export function cameBefore(model: object, what: string): boolean {
  let known = seen.get(model);
  if (!known) {
    known = new Set();
    seen.set(model, known);
  }
  if (known.has(what)) return true;
  known.add(what);
  return false;
}

/** Steps that can't be recorded, with the line that says why already said. */
const refused = new WeakMap<object, Set<string>>();

/** Whether there is nobody who needs the single operations: no recording, no gradient. */
function alone(): boolean {
  const { gradientDepth } = core.engine().state as unknown as { gradientDepth: number };
  return !recording() && gradientDepth === 0;
}

/** Runs a step on a batch, compiled where it can be and `worth` holds. */
export function runStep<T extends Outputs>(
  model: Model,
  purpose: string,
  step: BatchStep<T>,
  batch: readonly (Tensor | null)[],
  worth = cameBefore(model, `${purpose} ${shapesOf(batch.filter((part) => part !== null))}`),
  lowered: Lowered = {},
): T {
  const given = batch.filter((part) => part !== null);
  const placed = (tensors: readonly Tensor[]) => {
    let next = 0;
    return batch.map((part) => (part === null ? part : tensors[next++]!));
  };
  if (!worth || !alone() || refused.get(model)?.has(purpose) || !compiles(model, purpose)) return step([...batch]);
  const patience = patienceOf(model, purpose);
  if (!patience.isDue()) return step([...batch]);
  try {
    const program = programOf(
      model,
      purpose,
      given,
      () => new Program((...like) => step(placed(like)), given, lowered),
    );
    if (program) return program.run(core.backend() as HandleBackend, given) as T;
  } catch (error) {
    if (!(error instanceof NotRecordable)) throw error;
    if (!error.later || (error.later !== 'next' && !patience.goesOn())) refuse(model, purpose, error);
  }
  return step([...batch]);
}

const patiences = new WeakMap<object, Map<string, Patience>>();

function patienceOf(model: object, purpose: string): Patience {
  const known = patiences.get(model) ?? new Map<string, Patience>();
  patiences.set(model, known);
  const patience = known.get(purpose) ?? new Patience();
  known.set(purpose, patience);
  return patience;
}

function refuse(model: Model, purpose: string, error: NotRecordable): void {
  const purposes = refused.get(model) ?? new Set();
  refused.set(model, purposes.add(purpose));
  console.warn(`${purpose}: ${model.name} runs uncompiled: ${error.message}${placeOf(error)}`);
}
