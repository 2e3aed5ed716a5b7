// Kernels of string tensors. TensorFlow's ops count in int64, tfjs in int32.
import type {
  StaticRegexReplaceAttrs,
  StringNGramsAttrs,
  StringSplitAttrs,
  StringToHashBucketFastAttrs,
} from '@tensorflow/tfjs-core';
import type { Kernel } from '../ops.ts';
import { cast } from './arrange.ts';

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
