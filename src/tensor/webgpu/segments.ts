// Checks of the indices of sparse segments, which the shader does not make. They are read for it: an error later names nothing.
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';

/** @throws Error for segment ids that are negative or fall, and for indices of no row. */
export function checkSegments(call: {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly backend: KernelBackend;
}): void {
  const { data, indices, segmentIds } = call.inputs as Record<'data' | 'indices' | 'segmentIds', TensorInfo>;
  const { backend_util } = core;
  const read = ({ dataId }: TensorInfo) => call.backend.readSync(dataId) as Int32Array;
  const [rows, ids] = [read(indices), read(segmentIds)];
  const segments = (ids.at(-1) ?? 0) + 1;
  if (segments <= 0) throw new Error(backend_util.getSparseSegmentReductionNegativeSegmentIdsErrorMessage());
  ids.forEach((id, i) => {
    if (i > 0 && id < ids[i - 1]!)
      throw new Error(backend_util.getSparseSegmentReductionNonIncreasingSegmentIdsErrorMessage());
    if (id < 0 || id >= segments)
      throw new Error(backend_util.getSparseSegmentReductionSegmentIdOutOfRangeErrorMessage(id, segments));
    const row = rows[i]!;
    const most = data.shape[0]!;
    if (row < 0 || row >= most)
      throw new Error(backend_util.getSparseSegmentReductionIndicesOutOfRangeErrorMessage(i, row, most));
  });
}
