// SavedModels, loaded and run by TensorFlow's library: `tf.node.loadSavedModel`.
import { resolve } from 'node:path';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { silently } from '../native.ts';
import { core } from '../packages.ts';
import { config, openContext } from '../tensorflow/context.ts';
import type { Pointer } from '../tensorflow/prototypes.ts';
import { getMetaGraphsFromSavedModel, type Signature, type TensorFacts } from './meta-graphs.ts';
import { withOps } from './run.ts';
import { runGraph } from './session.ts';

/** A graph with its variables, used by all models of the same folder and tags. */
interface Loaded {
  readonly key: string;
  readonly graph: Pointer;
  readonly session: Pointer;
  users: number;
}

const loaded = new Map<string, Loaded>();
let models = 0;

/** How many models are loaded and not disposed of. */
export const getNumOfSavedModels = (): number => models;

/**
 * Loads a SavedModel; the caller disposes of it.
 * @param path of its folder. @param tags of the graph. @param signature that `predict` runs.
 * @throws Error for a folder, tags or a signature that is not there.
 */
export async function loadSavedModel(
  path: string,
  tags: readonly string[] = ['serve'],
  signature = 'serving_default',
): Promise<SavedModel> {
  const graphs = await getMetaGraphsFromSavedModel(path);
  const graph = graphs.find((each) => [...each.tags].sort().join() === [...tags].sort().join());
  if (!graph) {
    const there = graphs.map((each) => `[${each.tags}]`).join(', ');
    throw new RangeError(`tf.node.loadSavedModel: tags must be one of ${there}, got [${tags}]`);
  }
  const found = graph.signatureDefs[signature];
  if (!found) {
    const there = Object.keys(graph.signatureDefs).join(', ');
    throw new RangeError(`tf.node.loadSavedModel: signature must be one of ${there}, got ${signature}`);
  }
  return new SavedModel(open(resolve(path), tags), found);
}

function open(folder: string, tags: readonly string[]): Loaded {
  const key = JSON.stringify([folder, ...tags]);
  const known = loaded.get(key);
  if (known) return known;
  return withOps('loadSavedModel', () => {
    const { library, status } = openContext();
    const { api } = library;
    const options = api.TF_NewSessionOptions();
    const graph = api.TF_NewGraph();
    try {
      api.TF_SetConfig(options, config, config.length, status.pointer);
      status.check();
      const texts = tags.map((tag) => Buffer.from(`${tag}\0`));
      const addresses = BigUint64Array.from(texts, library.addressOf);
      const session = silently(() =>
        api.TF_LoadSessionFromSavedModel(options, null, folder, addresses, tags.length, graph, null, status.pointer),
      );
      status.check();
      const made = { key, graph, session, users: 0 };
      loaded.set(key, made);
      return made;
    } catch (error) {
      api.TF_DeleteGraph(graph);
      throw error;
    } finally {
      api.TF_DeleteSessionOptions(options);
    }
  });
}

/** One signature of a SavedModel, as @tensorflow/tfjs-node's TFSavedModel. */
export class SavedModel {
  readonly #loaded: Loaded;
  readonly #signature: Signature;
  #disposed = false;

  constructor(graph: Loaded, signature: Signature) {
    this.#loaded = graph;
    this.#signature = signature;
    graph.users++;
    models++;
  }

  get inputs(): TensorFacts[] {
    return Object.values(this.#signature.inputs);
  }

  get outputs(): TensorFacts[] {
    return Object.values(this.#signature.outputs);
  }

  /**
   * Runs the model. Inputs are cast to the dtypes of the signature, outputs to those of a session.
   * @param inputs one tensor, or all in the signature's order, or all by its names.
   * @returns one tensor (all, if there are several) for one; all in order for an array; all by name for a map.
   */
  predict(inputs: Tensor): Tensor | Tensor[];
  predict(inputs: Tensor[]): Tensor[];
  predict(inputs: NamedTensorMap): NamedTensorMap;
  predict(inputs: Tensor | Tensor[] | NamedTensorMap): Tensor | Tensor[] | NamedTensorMap {
    if (this.#disposed) throw new Error('SavedModel.predict: the model was disposed');
    const names = Object.keys(this.#signature.inputs);
    if (inputs instanceof core.Tensor) {
      const results = this.#run([inputs]);
      return results.length === 1 ? results[0]! : results;
    }
    if (Array.isArray(inputs)) return this.#run(inputs);
    const given = Object.keys(inputs);
    if (given.length !== names.length || !names.every((name) => given.includes(name))) {
      throw new RangeError(`SavedModel.predict: the inputs must be ${names.join(', ')}, got ${given.join(', ')}`);
    }
    const results = this.#run(names.map((name) => inputs[name]!));
    return Object.fromEntries(Object.keys(this.#signature.outputs).map((name, i) => [name, results[i]!]));
  }

  /** Frees the graph and its variables with the last model that uses them. */
  dispose(): void {
    if (this.#disposed) throw new Error('SavedModel.dispose: the model was disposed already');
    this.#disposed = true;
    models--;
    if (--this.#loaded.users > 0) return;
    const { key, session, graph } = this.#loaded;
    loaded.delete(key);
    const { library, status } = openContext();
    library.api.TF_CloseSession(session, status.pointer);
    library.api.TF_DeleteSession(session, status.pointer);
    library.api.TF_DeleteGraph(graph);
  }

  #run(tensors: Tensor[]): Tensor[] {
    const { inputs, outputs } = this;
    if (tensors.length !== inputs.length) {
      throw new RangeError(`SavedModel.predict: ${inputs.length} inputs are needed, got ${tensors.length}`);
    }
    const results = withOps('loadSavedModel: predict', (ops) => runGraph(ops, this.#loaded, inputs, tensors, outputs));
    // Strings come as bytes, which tfjs keeps as they are.
    return results.map(({ values, shape, dtype }) => core.engine().makeTensor(values as Float32Array, shape, dtype));
  }
}
