// Multi-head attention (Vaswani et al. 2017) as a layer of tfjs, with Keras's arguments, weights and masks. It takes the place of the
// class of this name that tfjs-layers registers but does not export, and which can't train: einsum has no gradient there.
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { maskOf } from '../tensor/masks.ts';
import { attendedAxes, fold, foldMask } from './attention-axes.ts';
import { attentionMask, type MaskCall } from './attention-mask.ts';
import { positive, within } from './check.ts';
import { firstShape, type LayerArgs, type Shape, tf, type Weight } from './tensorflow.ts';
import { readWeights, type WeightArgs, type WeightParts } from './weights.ts';

export interface MultiHeadAttentionArgs extends WeightArgs, LayerArgs {
  numHeads: number;
  /** Values of a query and of a key in a head. */
  keyDim: number;
  /** Values of a value in a head. Default: `keyDim`. */
  valueDim?: number;
  /** Part of the attention that training sets to 0. Default 0. */
  dropout?: number;
  /** Default true. */
  useBias?: boolean;
  /** Values of an output step. Default: those of a query step. */
  outputShape?: number | [number] | null;
  /**
   * Axes along which it attends, such as `[2]` for the rows of an image `[n, h, w, d]`, in queries and values alike; each place along the
   * others attends for itself. Default: all between the first and the last.
   */
  attentionAxes?: number | readonly number[] | null;
  /** Whether a step attends to itself and to earlier ones only. Default false. */
  causal?: boolean;
}

/** What a call says besides its inputs. Within a model tfjs passes `training` alone: there, say `causal` to the layer. */
export interface AttentionCall extends MaskCall {
  readonly training?: boolean;
}

interface Projection {
  readonly kernel: Weight;
  readonly bias: Weight | undefined;
}

/** Stands for minus infinity before the softmax: what it leaves of a score is exactly 0. */
const unreachable = 1e9;

/**
 * Attention of `query` `[n, t, d]` to `value` and `key` `[n, s, …]`; axes between the first and the last count as one. Applied to one
 * tensor it is self-attention; to several: `[query, value]`, `[query, value, key]`, `[query, value, key, attentionMask]`.
 * @returns `[n, t, outputShape]` float32
 * @example const layer = new MultiHeadAttention({ numHeads: 8, keyDim: 64, causal: true });
 */
export class MultiHeadAttention extends tf.layers.Layer {
  /** @nocollapse */
  static readonly className = 'MultiHeadAttention';
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly dropout: number;
  readonly useBias: boolean;
  readonly causal: boolean;
  readonly attentionAxes: readonly number[] | undefined;
  readonly #outputDim: number | undefined;
  readonly #weights: WeightParts;
  #projections: Record<'query' | 'key' | 'value' | 'output', Projection> | undefined;

  constructor(args: MultiHeadAttentionArgs) {
    super(args);
    const who = 'MultiHeadAttention';
    this.numHeads = positive(who, 'numHeads', args.numHeads);
    this.keyDim = positive(who, 'keyDim', args.keyDim);
    this.valueDim = positive(who, 'valueDim', args.valueDim ?? args.keyDim);
    this.dropout = within(who, 'dropout', args.dropout ?? 0, 0, 1, 'excluded');
    this.useBias = args.useBias ?? true;
    this.causal = args.causal ?? false;
    this.attentionAxes = args.attentionAxes == null ? undefined : [args.attentionAxes].flat();
    const [outputDim] = [args.outputShape ?? []].flat();
    this.#outputDim = outputDim;
    this.#weights = readWeights(args);
    this.supportsMasking = true;
  }

  override build(inputShape: Shape | Shape[]): void {
    const query = firstShape(inputShape);
    const shapes = Array.isArray(inputShape[0]) ? (inputShape as Shape[]) : [query];
    for (const shape of shapes.slice(0, 3)) {
      if (shape.length < 3)
        throw new TypeError(
          `MultiHeadAttention: inputs must be of rank 3 [n, steps, values] or more, got [${shape.map((length) => length ?? 'null')}]`,
        );
    }
    const value = shapes[1] ?? query;
    const key = shapes[2] ?? value;
    const { numHeads, keyDim, valueDim } = this;
    this.#projections = {
      query: this.#project('query', [query.at(-1)!, numHeads, keyDim], [numHeads, keyDim]),
      key: this.#project('key', [key.at(-1)!, numHeads, keyDim], [numHeads, keyDim]),
      value: this.#project('value', [value.at(-1)!, numHeads, valueDim], [numHeads, valueDim]),
      output: this.#project(
        'attention_output',
        [numHeads, valueDim, this.#outputDim ?? query.at(-1)!],
        [this.#outputDim ?? query.at(-1)!],
      ),
    };
    this.built = true;
  }

  #project(name: string, kernelShape: number[], biasShape: number[]): Projection {
    const parts = this.#weights;
    const { kernelInitializer, kernelRegularizer, kernelConstraint } = parts;
    const { biasInitializer, biasRegularizer, biasConstraint } = parts;
    const add = (
      kind: string,
      shape: number[],
      [initializer, regularizer, constraint]: [
        WeightParts['kernelInitializer'],
        WeightParts['kernelRegularizer'],
        WeightParts['kernelConstraint'],
      ],
    ): Weight =>
      this.addWeight(
        `${name}/${kind}`,
        shape,
        'float32',
        initializer,
        regularizer,
        true,
        constraint,
      ) as unknown as Weight;
    return {
      kernel: add('kernel', kernelShape, [kernelInitializer, kernelRegularizer, kernelConstraint]),
      bias: this.useBias ? add('bias', biasShape, [biasInitializer, biasRegularizer, biasConstraint]) : undefined,
    };
  }

  override call(inputs: Tensor | Tensor[], kwargs: AttentionCall = {}): Tensor {
    return tf.tidy(() => this.#attendAlong(inputs, kwargs).output);
  }

  /**
   * The output together with the attention that made it.
   * @returns `output` as of a call, `scores` `[n, heads, t, s]` (`[n, …others, heads, t, s]` with `attentionAxes`): how much each step looked at each other, 1 in all
   */
  attend(inputs: Tensor | Tensor[], call: AttentionCall = {}): { output: Tensor; scores: Tensor } {
    if (!this.built) tf.dispose(this.apply(inputs) as Tensor);
    return tf.tidy(() => this.#attendAlong(inputs, call));
  }

  /** Folds what lies along other axes than the attended ones into samples. */
  #attendAlong(inputs: Tensor | Tensor[], call: AttentionCall): { output: Tensor; scores: Tensor } {
    const { attentionAxes: axes } = this;
    if (!axes) return this.#attend(inputs, call);
    const [query, value = query, key = value, given] = [inputs].flat() as [Tensor, Tensor?, Tensor?, Tensor?];
    if (call.queryMask || call.valueMask || call.keyMask)
      throw new TypeError('MultiHeadAttention: with attentionAxes, masks are given as attentionMask');
    const folded = (x: Tensor) => fold(x, attendedAxes(axes, x.rank));
    const [q, v] = [folded(query), folded(value)];
    const k = key === value ? v : folded(key);
    if (String(q.samples) !== String(v.samples))
      throw new TypeError(
        `MultiHeadAttention: query and value must be as long along the axes that are not attended, got [${query.shape}] and [${value.shape}]`,
      );
    const mask = call.attentionMask ?? given;
    const { output, scores } = this.#attend([q.tensor, v.tensor, k.tensor], {
      ...call,
      ...(mask && { attentionMask: foldMask(mask, q.samples) }),
    });
    return { output: q.unfold(output), scores: tf.reshape(scores, [...q.samples, ...scores.shape.slice(1)]) };
  }

  #attend(inputs: Tensor | Tensor[], call: AttentionCall): { output: Tensor; scores: Tensor } {
    const [query, value = query, key = value, given] = [inputs].flat() as [Tensor, Tensor?, Tensor?, Tensor?];
    const { query: ofQuery, key: ofKey, value: ofValue, output: last } = this.#projections!;
    const q = tf.mul(heads(query, ofQuery), 1 / Math.sqrt(this.keyDim));
    const k = heads(key, ofKey);
    const v = heads(value, ofValue);
    const lengths = [q.shape[2]!, k.shape[2]!] as const;
    if (v.shape[2] !== lengths[1])
      throw new TypeError(
        `MultiHeadAttention: key and value must have the same number of steps, got [${key.shape}] and [${value.shape}]`,
      );
    const useCausalMask = call.useCausalMask ?? this.causal;
    const attention = call.attentionMask ?? given;
    const masks = { ...call, useCausalMask, ...(attention && { attentionMask: attention }) };
    const mask = attentionMask({ query, value, key }, masks, lengths);
    let weights = tf.matMul(q, k, false, true);
    if (mask) weights = tf.add(weights, tf.mul(tf.sub(mask, 1), unreachable));
    let scores: Tensor = tf.softmax(weights);
    // A step that may look nowhere looks at nothing, as in Keras, and not at everything alike.
    if (mask) scores = tf.mul(scores, mask);
    const kept = call.training && this.dropout > 0 ? tf.dropout(scores, this.dropout) : scores;
    const mixed = tf.transpose(tf.matMul(kept, v), [0, 2, 1, 3]);
    return { output: joined(mixed, last, query.shape), scores };
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const query = firstShape(inputShape);
    return [...query.slice(0, -1), this.#outputDim ?? query.at(-1)!];
  }

  /** The mask of the queries. */
  override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor {
    const [first] = [mask].flat();
    const [query] = [inputs].flat();
    return (first ?? (query instanceof tf.Tensor ? maskOf(query)?.clone() : undefined)) as Tensor;
  }

  override getConfig(): serialization.ConfigDict {
    const { numHeads, keyDim, valueDim, dropout, useBias, causal } = this;
    const own = {
      numHeads,
      keyDim,
      valueDim,
      dropout,
      useBias,
      causal,
      outputShape: this.#outputDim ?? null,
      attentionAxes: this.attentionAxes ? [...this.attentionAxes] : null,
    };
    return { ...super.getConfig(), ...own, ...this.#weights.config };
  }
}

/** `[n, …, d]` as `[n, heads, steps, values]`. */
function heads(x: Tensor, { kernel, bias }: Projection): Tensor {
  const weight = kernel.read();
  const [d, count, size] = weight.shape as [number, number, number];
  const flat = tf.matMul(tf.reshape(x, [-1, d]), tf.reshape(weight, [d, count * size]));
  const whole = bias ? tf.add(flat, tf.reshape(bias.read(), [count * size])) : flat;
  return tf.transpose(tf.reshape(whole, [x.shape[0]!, x.size / (x.shape[0]! * d), count, size]), [0, 2, 1, 3]);
}

/** `[n, steps, heads, values]` as the layer's output, of a query's shape but for the last axis. */
function joined(x: Tensor, { kernel, bias }: Projection, shape: readonly number[]): Tensor {
  const weight = kernel.read();
  const [count, size, d] = weight.shape as [number, number, number];
  const flat = tf.matMul(tf.reshape(x, [-1, count * size]), tf.reshape(weight, [count * size, d]));
  return tf.reshape(bias ? tf.add(flat, bias.read()) : flat, [...shape.slice(0, -1), d]);
}

tf.serialization.registerClass(MultiHeadAttention);
