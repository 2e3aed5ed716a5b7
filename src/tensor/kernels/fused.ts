// Fused kernels, as the kernels they stand for: the binary's take fewer forms, and its fused product is slower than product and sum
// (12 against 30 GFLOP/s).
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { compose, type Kernel, type KernelCall, original, type Step } from './call.ts';
import { anyStride } from './same.ts';

export const fusedKernels: Record<string, Kernel> = {
  _FusedMatMul: ({ inputs, attrs, backend }) => {
    const { transposeA, transposeB } = attrs;
    return compose(backend, (step) => {
      const product = step('BatchMatMul', { a: inputs.a!, b: inputs.b! }, { transposeA, transposeB });
      return finish(step, product, { inputs, attrs, backend });
    });
  },
  FusedConv2D: fusedConvolution('FusedConv2D', 'Conv2D'),
  FusedDepthwiseConv2D: fusedConvolution('FusedDepthwiseConv2D', 'DepthwiseConv2dNative'),
};

/** tfjs's name of an activation → the kernel that computes it. */
const activations: Record<string, string> = { relu: 'Relu', relu6: 'Relu6', sigmoid: 'Sigmoid', elu: 'Elu' };

/** The binary's own where it takes the form (one bias a channel, channels last), which saves passes over the image. */
function fusedConvolution(fused: string, plain: string): Kernel {
  const own = anyStride((call) => original(fused, call));
  return (call) => {
    const { inputs, attrs, backend } = call;
    const { x, filter, bias, preluActivationWeights } = inputs;
    // The binary reads a shape that it remembers with the data, not the tensor's: a reshaped bias is not for it.
    const direct = [bias, preluActivationWeights].every(
      (info) => !info || backend.dataIdMap.get(info.dataId).shape.length === 1,
    );
    if (direct && attrs.dataFormat === 'NHWC') return own(call);
    const { strides, pad, dataFormat, dilations, dimRoundingMode } = attrs;
    return compose(backend, (step) => {
      const out = step(plain, { x: x!, filter: filter! }, { strides, pad, dataFormat, dilations, dimRoundingMode });
      return finish(step, out, call);
    });
  };
}

/** activation(x + bias), with one bias (or slope) a channel on axis 1 of NCHW images. */
function finish(step: Step, x: TensorInfo, { inputs, attrs }: KernelCall): TensorInfo {
  const { bias, preluActivationWeights } = inputs;
  const perChannel = (info: TensorInfo): TensorInfo =>
    attrs.dataFormat === 'NCHW' && info.shape.length === 1 && info.shape[0] !== 1
      ? step('Reshape', { x: info }, { shape: [info.shape[0]!, 1, 1] })
      : info;
  const sum = bias ? step('Add', { a: x, b: perChannel(bias) }) : x;
  const { activation, leakyreluAlpha: alpha } = attrs;
  if (!activation || activation === 'linear') return sum;
  if (activation === 'prelu') return step('Prelu', { x: sum, alpha: perChannel(preluActivationWeights!) });
  if (activation === 'leakyrelu') return step('LeakyRelu', { x: sum }, { alpha });
  const kernel = activations[activation];
  if (!kernel)
    throw new Error(`activation must be one of ${Object.keys(activations)}, prelu, leakyrelu, got ${activation}`);
  return step(kernel, { x: sum });
}
