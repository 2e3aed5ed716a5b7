// Whether all that a model trains with is tfjs's own: that much is known to be a function of its inputs and of what the guard watches. A
// person's classes and functions may do anything, so they are compiled only on request.
import { core, layers } from '../packages.ts';

type Class = abstract new (...values: never[]) => object;

const ownClasses = new Set<unknown>();
const ownFunctions = new Set<unknown>();

/** Notes what is tfjs's, before a person can add to it. Called once, when TensorFlow.js is loaded. */
export function noteOwn(): void {
  const { classNameMap } = core.serialization.SerializationMap.getMap();
  for (const [owner] of Object.values(classNameMap)) ownClasses.add(owner as unknown as Class);
  for (const each of [layers.LayersModel, layers.Sequential]) ownClasses.add(each);
  for (const each of [...Object.values(layers.metrics), ...Object.values(core.losses)]) ownFunctions.add(each);
}

/** Has classes of ours count as tfjs's: they are recorded rightly, or refuse it. */
export function trust(...classes: readonly Class[]): void {
  for (const each of classes) ownClasses.add(each);
}

/** A model of tfjs-layers, with members that it types as private. */
export interface Model {
  readonly name: string;
  readonly layers: readonly object[];
  readonly optimizer: object | undefined;
  readonly loss: unknown;
  readonly metrics: unknown;
}

/** What of a model is not tfjs's own, in words; undefined when all is. */
export function foreign(model: Model): string | undefined {
  const seen = new Set<object>();
  const whole = [...model.layers, ...(model.optimizer ? [model.optimizer] : [])];
  const part = whole.map((each) => foreignPart(each, seen)).find(Boolean);
  if (part) return part;
  if (hasForeignFunction(model.loss)) return 'its loss is a function of yours';
  return hasForeignFunction(model.metrics) ? 'a metric is a function of yours' : undefined;
}

/** Looks through a layer and what it is configured with: cells, wrapped layers, regularizers, constraints, initializers. */
function foreignPart(part: object, seen: Set<object>): string | undefined {
  if (seen.has(part)) return undefined;
  seen.add(part);
  if (!ownClasses.has(part.constructor)) return `${part.constructor.name} is a class of yours`;
  for (const [name, value] of Object.entries(part)) {
    if (typeof value === 'function' && ['call', 'apply', 'computeMask', 'applyGradients'].includes(name))
      return `${part.constructor.name}.${name} is a function of yours`;
    for (const inner of name.endsWith('Nodes') ? [] : [value].flat())
      if (typeof inner === 'object' && inner !== null && 'getConfig' in inner) {
        const found = foreignPart(inner as object, seen);
        if (found) return found;
      }
  }
  return undefined;
}

/** Losses and metrics are names, functions, or lists and records of them. */
function hasForeignFunction(value: unknown): boolean {
  if (typeof value === 'function') return !ownFunctions.has(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasForeignFunction);
}
