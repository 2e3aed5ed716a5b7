// How many products a layer adds up for one sample, by its kind and the shapes around it. Figures of papers and of Keras' tools:
// biases, activations and poolings count nothing.
import { dataProperty } from '../display/peek.ts';

type Shape = readonly (number | null)[];

export interface LayerShapes {
  /** Class name. */
  readonly type: string;
  readonly weights: readonly { readonly name: string; readonly shape: Shape }[];
  readonly inputShape: Shape | readonly Shape[] | undefined;
  readonly outputShape: Shape | readonly Shape[];
  /** The layer, for what a wrapper wraps. */
  readonly layer?: unknown;
}

type Rule = (shapes: LayerShapes) => number | undefined;

const kernels: Rule = ({ weights, outputShape }) => {
  const kernel = weights.find(({ shape }) => shape.length >= 2)?.shape;
  return kernel && times(sizeOf(kernel), positions(outputShape, kernel.at(-1)));
};

const recurrent: Rule = ({ weights, inputShape }) => {
  const steps = first(inputShape)?.[1];
  const matrices = weights
    .filter(({ shape }) => shape.length === 2)
    .reduce((sum, { shape }) => sum + sizeOf(shape)!, 0);
  return times(matrices, steps);
};

/** A scale and a shift of each value are one. */
const elements: Rule = ({ outputShape }) => sizeOf(first(outputShape)?.slice(1));

const nothing: Rule = () => 0;

const rules: Readonly<Record<string, Rule>> = {
  Dense: kernels,
  Conv1D: kernels,
  Conv2D: kernels,
  Conv3D: kernels,
  DepthwiseConv2D: ({ weights, outputShape }) => {
    const kernel = weights.find(({ shape }) => shape.length === 4)?.shape;
    return kernel && times(sizeOf(kernel), positions(outputShape, times(kernel[2], kernel[3])));
  },
  SeparableConv2D: ({ weights, outputShape }) => {
    const matrices = weights.filter(({ shape }) => shape.length === 4).map(({ shape }) => shape);
    const all = matrices.reduce((sum, shape) => sum + sizeOf(shape)!, 0);
    return times(all, positions(outputShape, matrices.at(-1)?.at(-1)));
  },
  Conv2DTranspose: ({ weights, inputShape }) => {
    const kernel = weights.find(({ shape }) => shape.length === 4)?.shape;
    return kernel && times(sizeOf(kernel), positions(inputShape, kernel[3]));
  },
  SimpleRNN: recurrent,
  LSTM: recurrent,
  GRU: recurrent,
  Bidirectional: recurrent,
  TimeDistributed: ({ weights, outputShape, layer }) => {
    const type = (dataProperty(layer, 'layer') as { getClassName?(): string } | undefined)?.getClassName?.();
    return type === 'Dense' ? kernels({ type, weights, inputShape: undefined, outputShape }) : undefined;
  },
  Embedding: nothing,
  PReLU: elements,
  BatchNormalization: elements,
  LayerNormalization: elements,
  GroupNormalization: elements,
  RMSNormalization: elements,
  MultiHeadAttention: ({ weights, inputShape, outputShape }) => {
    const length = first(outputShape)?.[1];
    const matrices = weights.filter(({ shape }) => shape.length >= 2);
    const projections = times(
      matrices.reduce((sum, { shape }) => sum + sizeOf(shape)!, 0),
      length,
    );
    const shapes = (Array.isArray(inputShape?.[0]) ? inputShape : [inputShape]) as readonly Shape[];
    const keys = shapes[1]?.[1] ?? length;
    // Scores, and their sums of values.
    const products = times(times(length, keys), times(2, matrices.at(-1)?.shape[0]));
    return projections === undefined || products === undefined ? undefined : projections + products;
  },
};

/** Multiply-adds of one sample; `undefined` where the kind of layer or a length is not known. */
export function multiplyAdds(shapes: LayerShapes): number | undefined {
  const rule = Object.hasOwn(rules, shapes.type)
    ? rules[shapes.type]!
    : shapes.weights.length === 0
      ? nothing
      : undefined;
  return rule?.(shapes);
}

function times(a: number | null | undefined, b: number | null | undefined): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? a * b : undefined;
}

function sizeOf(shape: Shape | undefined): number | undefined {
  return shape?.reduce<number | undefined>((size, length) => times(size, length), 1);
}

/** How often a kernel is laid on a sample: values of a shape [batch, …] by those of each place. */
function positions(shape: LayerShapes['inputShape'], channels: number | null | undefined): number | undefined {
  const size = sizeOf(first(shape)?.slice(1));
  return size !== undefined && channels ? size / channels : undefined;
}

function first(shape: LayerShapes['inputShape']): Shape | undefined {
  return (Array.isArray(shape?.[0]) ? shape[0] : shape) as Shape | undefined;
}
