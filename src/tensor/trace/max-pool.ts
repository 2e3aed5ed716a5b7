// The gradient of the largest of each window, where windows lie side by side: an island that XLA compiles within a graph. TensorFlow's own
// operation takes 4.1 ms for [64, 26, 26, 32], this 0.3: comparisons of what lies in memory one after the other.
import { hasGpu, openContext } from '../tensorflow/context.ts';
import { GraphFunction } from '../tensorflow/function.ts';
import { GraphOps, type GraphValue } from '../tensorflow/graph.ts';
import type { Ops, Value } from '../tensorflow/ops.ts';
import type { Recorder } from './recorder.ts';

interface PoolAttrs {
  readonly filterSize: number | readonly [number, number];
  readonly strides: number | readonly [number, number];
  readonly pad: unknown;
}

/** Larger windows are TensorFlow's: every place is looked at. */
const largestWindow = 3;

/**
 * By x [n, h, w, c] of what its windows' largest y [n, a, b, c] have: the first of them in a window gets it.
 * @returns undefined where windows overlap or reach beyond the image, and where there is a GPU, whose own operation is fast
 */
export function maxPoolGradient(
  recorder: Recorder,
  x: GraphValue,
  y: GraphValue,
  dy: GraphValue,
  attrs: PoolAttrs,
): GraphValue | undefined {
  const [size, stride] = [attrs.filterSize, attrs.strides].map((given) =>
    [given, given].flat().slice(0, 2),
  ) as number[][];
  const [rows, columns] = size as [number, number];
  const isPlain = attrs.pad === 'valid' && String(size) === String(stride) && Math.max(rows, columns) <= largestWindow;
  if (!isPlain || x.dtype !== 'float32' || x.shape.includes(0)) return undefined;
  const context = openContext();
  if (hasGpu(context)) return undefined;
  const island = new GraphOps(context);
  const places = [x, y, dy].map(({ dtype, shape }) => island.placeholder(dtype, shape));
  const result = gradient(island, places as [GraphValue, GraphValue, GraphValue], rows, columns);
  const compiled = new GraphFunction(context, island, places, [result], 'xla');
  recorder.functions.push(compiled);
  recorder.ops.take(island);
  island[Symbol.dispose]();
  return recorder.ops.call(compiled, [x, y, dy], [result])[0]!;
}

function gradient(
  ops: GraphOps,
  [x, y, dy]: [GraphValue, GraphValue, GraphValue],
  rows: number,
  columns: number,
): GraphValue {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const [, down, across] = y.shape as [number, number, number, number];
  const ints = (list: readonly number[]) => ops.constant(list, 'int32');
  const inside = ops.one('Slice', [x, ints([0, 0, 0, 0]), ints([n, down * rows, across * columns, c])]);
  const windows = ops.one('Reshape', [inside, ints([n * down, rows, across, columns * c])]);
  const [largest, given] = [y, dy].map((value) => ops.one('Reshape', [value, ints([n * down, across, c])])) as [
    Value,
    Value,
  ];
  const none = ops.constant(0, 'float32', [n * down, across, c]);
  let isFree: Value | undefined;
  const parts: Value[][] = [];
  for (let row = 0; row < rows; row++) {
    const part: Value[] = [];
    for (let column = 0; column < columns; column++) {
      const begin = ints([0, row, 0, column * c]);
      const one = ops.one('Slice', [windows, begin, ints([n * down, 1, across, c])]);
      const isLargest = ops.one('Equal', [ops.one('Reshape', [one, ints([n * down, across, c])]), largest]);
      const gets = isFree ? ops.one('LogicalAnd', [isFree, isLargest]) : isLargest;
      part.push(ops.one('SelectV2', [gets, given, none]));
      const others = ops.one('LogicalNot', [isLargest]);
      isFree = isFree ? ops.one('LogicalAnd', [isFree, others]) : others;
    }
    parts.push(part);
  }
  const joined = (part: Value[]) => (columns > 1 ? ops.one('ConcatV2', [part, ops.constant(2, 'int32')]) : part[0]!);
  const lines = parts.map(joined);
  const whole = ops.one('Reshape', [
    ops.one('Pack', [lines], { axis: 1 }),
    ints([n, down * rows, across * columns, c]),
  ]);
  return padded(ops, whole, [h - down * rows, w - across * columns]);
}

/** Zeros below and to the right, where no window was. */
function padded(ops: Ops, x: Value, [below, right]: readonly [number, number]): GraphValue {
  if (below === 0 && right === 0) return x as GraphValue;
  return ops.one('Pad', [x, ops.constant([0, 0, 0, below, 0, right, 0, 0], 'int32', [4, 2])]) as GraphValue;
}
