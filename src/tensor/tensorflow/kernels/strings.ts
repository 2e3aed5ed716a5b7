// Kernels of string tensors. TensorFlow's ops count in int64, tfjs in int32.
import type {
  StaticRegexReplaceAttrs,
  StringNGramsAttrs,
  StringSplitAttrs,
  StringToHashBucketFastAttrs,
} from '@tensorflow/tfjs-core';
import type { Kernel, Ops, Value } from '../ops.ts';
import { cast, reshaped } from './arrange.ts';

export const stringKernels: Record<string, Kernel> = {
  StaticRegexReplace: (ops, { x }, { pattern, rewrite, replaceGlobal }: StaticRegexReplaceAttrs) =>
    ops.one('StaticRegexReplace', [x], { pattern, rewrite: groups(rewrite), replace_global: replaceGlobal }),
  StringNGrams: (ops, { data, dataSplits }, attrs: StringNGramsAttrs) =>
    ops.run('StringNGrams', [data, cast(ops, dataSplits, 'int32')], {
      separator: attrs.separator,
      ngram_widths: attrs.nGramWidths,
      left_pad: attrs.leftPad,
      right_pad: attrs.rightPad,
      pad_width: attrs.padWidth,
      preserve_short_sequences: attrs.preserveShortSequences,
    }),
  StringSplit: (ops, { input, delimiter }, { skipEmpty }: StringSplitAttrs) => {
    const [indices, values, shape] = ops.run('StringSplit', [input, delimiter], { skip_empty: skipEmpty });
    return [cast(ops, indices!, 'int32'), values!, cast(ops, shape!, 'int32')];
  },
  StringToHashBucketFast: (ops, { input }, { numBuckets }: StringToHashBucketFastAttrs) =>
    cast(ops, ops.one('StringToHashBucketFast', [input], { num_buckets: numBuckets }), 'int32'),
};

/** JavaScript's `$1`, `$&` and `$$` as TensorFlow's `\1`, `\0` and `$`. */
function groups(rewrite: string): string {
  return rewrite.replace(/\$(\d+|&|\$)/g, (_, group: string) =>
    group === '$' ? '$' : group === '&' ? '\\0' : `\\${group}`,
  );
}

/**
 * −1, 0 or 1 where a string of `a` comes before, is, or comes after that of `b`, by their bytes: int32, broadcast. TensorFlow has no
 * order of strings, so their bytes, the shorter filled up with zeros, are compared as numbers: what counts is the first that differs.
 */
export function order(ops: Ops, a: Value, b: Value): Value {
  const lengths = [a, b].map((each) => ops.one('Max', [flat(ops, ops.one('StringLength', [each])), zero(ops, [1])]));
  const longest = ops.one('Maximum', [ops.one('Maximum', [lengths[0]!, lengths[1]!]), ops.constant(1, 'int32')]);
  const [x, y] = [a, b].map((each) =>
    cast(ops, ops.one('DecodePaddedRaw', [each, longest], { out_type: 'uint8' }), 'int32'),
  );
  const sides = ops.one('Sign', [ops.one('Sub', [x!, y!])]);
  const last = ops.constant(-1, 'int32');
  const before = ops.one('Cumsum', [ops.one('Abs', [sides]), last], { exclusive: true });
  const first = cast(ops, ops.one('Equal', [before, zero(ops)]), 'int32');
  return ops.one('Sum', [ops.one('Mul', [sides, first]), last]);
}

const zero = (ops: Ops, shape: readonly number[] = []): Value => ops.constant(0, 'int32', shape);

/** All lengths in a row, and a 0 for when there are none. */
const flat = (ops: Ops, lengths: Value): Value =>
  ops.one('ConcatV2', [[reshaped(ops, lengths, [-1]), zero(ops, [1])], zero(ops)]);
