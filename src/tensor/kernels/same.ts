// Convolutions of the binary with padding `same`: it gives nothing but zeros where an axis has pixels to spare (a stride that is longer
// than the filter). Such an image is padded first and then convolved without padding.
import { core } from '../packages.ts';
import { type Kernel, run } from './call.ts';

type Shape4 = [number, number, number, number];

/** The kernel, right for every stride. Images are [n, h, w, c]; other formats and paddings are passed on. */
export function anyStride(kernel: Kernel): Kernel {
  return (call) => {
    const { inputs, attrs, backend } = call;
    const x = inputs.x!;
    if (attrs.pad !== 'same' || attrs.dataFormat === 'NCHW') return kernel(call);
    const [height, width] = inputs.filter!.shape as Shape4;
    const filter: Shape4 = [height, width, x.shape[3]!, 1];
    const conv = core.backend_util.computeConv2DInfo(
      x.shape as Shape4,
      filter,
      attrs.strides,
      attrs.dilations ?? 1,
      'same',
    );
    const spare =
      (conv.outHeight - 1) * conv.strideHeight + conv.effectiveFilterHeight < conv.inHeight ||
      (conv.outWidth - 1) * conv.strideWidth + conv.effectiveFilterWidth < conv.inWidth;
    if (!spare) return kernel(call);
    const { top, bottom, left, right } = conv.padInfo;
    // biome-ignore format: axes in a row
    const paddings = [[0, 0], [top, bottom], [left, right], [0, 0]];
    const padded = run(backend, 'PadV2', { x }, { paddings, constantValue: 0 });
    const out = kernel({ inputs: { ...inputs, x: padded }, attrs: { ...attrs, pad: 'valid' }, backend });
    backend.disposeData(padded.dataId);
    return out;
  };
}
