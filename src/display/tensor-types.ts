// The plain data that tensor and model drawings are made from. Types only: whoever owns tensors fills them in.

/** Figures over the finite values of a tensor; NaN and infinities are counted apart. For complex values, of the magnitudes. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly nan: number;
  /** Both signs together. */
  readonly infinite: number;
  /** Absent where all values are equal. */
  readonly histogram?: Histogram;
  /** How many values were looked at, spread over all: the figures are approximate. Absent when it was every one. */
  readonly sampled?: number;
}

/** How many values lie in each of the equal parts of `low`…`high`. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
  /** A part for each whole number, `high` included. */
  readonly whole?: true;
}

/** What is known of a tensor without its values. */
export interface TensorFacts {
  /** What the line begins with: `Tensor`, `Variable`. */
  readonly kind: string;
  /** A variable's name. */
  readonly name?: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Bytes of the values. */
  readonly bytes: number;
  readonly backend?: string;
  /** The memory is gone: neither statistics nor sample can be had. */
  readonly disposed?: boolean;
  /** Why the values can't be read, in words. */
  readonly unread?: string;
  /** Absent for strings, for empty and for disposed tensors; with no finite value `min` … `std` are NaN. */
  readonly statistics?: Statistics;
}

/** The values of a tensor at the product of `axes`: what `sampleAxes(shape)` (tensor-sample.ts) asked for. */
export interface TensorSample {
  /** For each axis the ascending indices that were read. A scalar has none. */
  readonly axes: readonly (readonly number[])[];
  /** Row-major over `axes`. Numbers and bools (0 or 1), strings, or, for complex64, pairs of real and imaginary part. */
  readonly values: ArrayLike<number> | readonly string[];
}

/** One layer, a row of the summary of a model. */
export interface LayerRow {
  readonly name: string;
  /** Class name, such as `Dense`. */
  readonly type: string;
  /** One or several shapes, `null` for the batch axis. */
  readonly outputShape: readonly (number | null)[] | readonly (readonly (number | null)[])[];
  /** As `outputShape`; absent where it is not known. */
  readonly inputShape?: LayerRow['outputShape'];
  readonly parameters: number;
  readonly trainableParameters: number;
  /** Bytes of its weights. */
  readonly bytes?: number;
  /** Products that are added up for one sample; absent where nobody knows. */
  readonly multiplyAdds?: number;
  /** The layers of one that is a model. */
  readonly layers?: readonly LayerRow[];
  /** Names of the layers it takes its input from, for models that are not a chain. */
  readonly inputs?: readonly string[];
}

/** A model as a table of layers. */
export interface ModelFacts {
  readonly name: string;
  /** Class name, such as `Sequential`. */
  readonly type: string;
  readonly layers: readonly LayerRow[];
  /** Totals, shared weights counted once. */
  readonly parameters: number;
  readonly trainableParameters: number;
  /** Bytes of all weights. */
  readonly bytes?: number;
  /** Of all layers that it is known of. */
  readonly multiplyAdds?: number;
  /** From which layer to which: all that the graph shows. */
  readonly edges?: readonly (readonly [from: string, to: string])[];
  /** What it was compiled with, such as `Adam` and `sparseCategoricalCrossentropy`. */
  readonly optimizer?: string;
  readonly loss?: string;
}
