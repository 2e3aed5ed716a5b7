// `tf.einsum` as one batched matrix product where the two operands share a summed axis or not; tfjs multiplies everything with
// everything and sums afterwards.
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { core } from '../packages.ts';
import { compose, type Kernel, type KernelCall, type Step } from './call.ts';

export const einsumKernels: Record<string, Kernel> = { Einsum: einsum };

/** A tensor and the number of the equation's label on each of its axes. Labels below `outRank` stand in the output, in order. */
interface Labelled {
  readonly info: TensorInfo;
  readonly labels: readonly number[];
}

function einsum({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const terms = Object.values(inputs);
  const { allDims, summedDims, idDims } = core.backend_util.decodeEinsumEquation(attrs.equation, terms.length);
  core.backend_util.checkEinsumDimSizes(allDims.length, idDims, terms as never);
  const outRank = allDims.length - summedDims.length;
  return compose(backend, (step) => {
    const [a, b] = terms.map((term, i) => {
      const info = term.dtype === 'bool' ? step('Cast', { x: term }, { dtype: 'int32' }) : term;
      const others = idDims.filter((_, j) => j !== i).flat();
      return sumAlone(step, { info, labels: idDims[i]! }, (label) => label < outRank || others.includes(label));
    });
    return inOrder(step, b ? product(step, a!, b, outRank) : a!);
  });
}

/** Sums over the axes whose label nothing else needs. */
function sumAlone(step: Step, { info, labels }: Labelled, needed: (label: number) => boolean): Labelled {
  const axis = labels.flatMap((label, i) => (needed(label) ? [] : [i]));
  if (!axis.length) return { info, labels };
  return { info: step('Sum', { x: info }, { axis, keepDims: false }), labels: labels.filter(needed) };
}

/** [batch…, rows…, summed…] · [batch…, summed…, columns…]: axes of both terms are batch if the output has them, else summed. */
function product(step: Step, a: Labelled, b: Labelled, outRank: number): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => label < outRank);
  const summed = shared.filter((label) => label >= outRank);
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const left = arrange(step, a, [batch, rows, summed]);
  const right = arrange(step, b, [batch, summed, columns]);
  const flat = step('BatchMatMul', { a: left, b: right }, { transposeA: false, transposeB: false });
  const labels = [...batch, ...rows, ...columns];
  const size = (label: number) =>
    [a, b].flatMap((term) => term.info.shape.filter((_, i) => term.labels[i] === label))[0]!;
  return { info: step('Reshape', { x: flat }, { shape: labels.map(size) }), labels };
}

/** The term with its axes in the order of the groups, each group made one axis. */
function arrange(step: Step, { info, labels }: Labelled, groups: readonly (readonly number[])[]): TensorInfo {
  const perm = groups.flat().map((label) => labels.indexOf(label));
  const turned = step('Transpose', { x: info }, { perm });
  const shape = groups.map((group) => group.reduce((size, label) => size * info.shape[labels.indexOf(label)]!, 1));
  return step('Reshape', { x: turned }, { shape });
}

/** The output's axes in the order of the equation. */
function inOrder(step: Step, { info, labels }: Labelled): TensorInfo {
  const perm = labels.map((_, label) => labels.indexOf(label));
  return step('Transpose', { x: info }, { perm });
}
