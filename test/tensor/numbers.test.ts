// Every operation and every kernel against NumPy, SciPy and TensorFlow in Python, on every backend found (cases.ts).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adamKernels } from '../../src/tensor/tensorflow/kernels/adam.ts';
import { kernels } from '../../src/tensor/tensorflow/kernels/table.ts';
import { found, tf } from './backends.ts';
import { type Case, check, families, isHere, nameOf } from './cases.ts';

const swiftShader = 'SwiftShader has few digits of a sine';
const oneImage = 'tfjs’s kernel turns the first image alone, and wraps one place too far';
const square = 'tfjs’s kernel takes images for square';

/** What a backend can't do, by its name and the beginning of the case's, with the reason. Each must fail in one case at least. */
const beyond: Record<string, string> = {
  'cpu: floorDiv(float32[3,4], float32[4])': 'tfjs calls the result int32',
  'cpu: image.cropAndResize(float32[2,6,7,2], float32[4,4], int32[4], [': 'tfjs’s kernel rounds where it must not',
  'cpu: image.resizeBilinear(float32[2,4,5,3], [': square,
  'cpu: image.resizeNearestNeighbor(float32[2,4,5,3], [7,3], ': square,
  'cpu: image.transform(': oneImage,
  'cpu: unsortedSegmentSum(int32[4,3,2], int32[4], 3)': 'tfjs calls the result float32',
  'wasm: image.transform(float32[2,6,7,2], float32[2,8], bilinear, reflect': 'tfjs’s kernel reflects at another place',
  'wasm: image.transform(float32[2,6,7,2], float32[2,8], nearest, reflect': 'tfjs’s kernel reflects at another place',
  'webgpu: acos(float32[2,3])': swiftShader,
  'webgpu: cos(float32[3,4])': swiftShader,
  'webgpu: fft(': swiftShader,
  'webgpu: floorDiv(float32[3,4], float32[4])': 'tfjs calls the result int32',
  'webgpu: ifft(': swiftShader,
  'webgpu: irfft(': swiftShader,
  'webgpu: rfft(': swiftShader,
  'webgpu: signal.stft(': swiftShader,
  'webgpu: sin(float32[3,4])': swiftShader,
  'webgpu: tan(float32[3,4])': swiftShader,
};

/** Kernels of the table whose numbers are elsewhere. */
const elsewhere: Record<string, string> = {
  ...Object.fromEntries(Object.keys(adamKernels).map((name) => [name, 'tensorflow/adam.test.ts'])),
  Multinomial: 'random.test.ts',
  StatelessRandom: 'random.test.ts',
};

/** Operations that have no case. */
const without: Record<string, string> = {
  multiRNNCell: 'takes functions; basicLSTMCell has cases',
  rand: 'draws from a function that it is given',
};

/** The operations of `tf`, such as `add` and `image.transform`. */
function operations(from: object, path = ''): string[] {
  return Object.entries(from).flatMap(([name, value]) => {
    // `spectral.fft` is `fft`.
    if (typeof value === 'function') return value.name.endsWith('__op') && !(path && name in tf) ? [path + name] : [];
    return path === '' &&
      ['fused', 'image', 'linalg', 'losses', 'math', 'signal', 'sparse', 'spectral', 'string'].includes(name)
      ? operations(value, `${name}.`)
      : [];
  });
}

for (const backend of [...found, 'cpu']) {
  describe(`operations on ${backend}`, () => {
    const reached = new Set<string>();
    const excused = new Set<string>();
    for (const [family, cases] of families)
      it(`agree with Python in ${cases.length} cases of ${family}`, async () => {
        await tf.setBackend(backend);
        const engine = tf.engine();
        const { runKernel } = engine;
        engine.runKernel = (name, ...rest) => {
          reached.add(name);
          return runKernel.call(engine, name, ...rest) as never;
        };
        const wrong: string[] = [];
        try {
          for (const each of cases.filter(isHere)) wrong.push(...(await verdict(each, backend, excused)));
        } finally {
          engine.runKernel = runKernel;
        }
        assert.deepEqual(wrong, []);
      });

    it('fail in no case but the listed, and in each of those', () => {
      const listed = Object.keys(beyond).filter((name) => name.startsWith(`${backend}: `));
      assert.deepEqual([...excused].sort(), listed.sort());
    });

    if (backend === 'tensorflow')
      it('reach every kernel of the table', () => {
        const missed = Object.keys(kernels).filter((name) => !reached.has(name));
        assert.deepEqual(missed.sort(), Object.keys(elsewhere).sort());
      });
  });
}

describe('the cases', () => {
  it('have every operation of tf', () => {
    const called = new Set([...families.values()].flat().map(({ call }) => call));
    assert.deepEqual(
      operations(tf).filter((name) => !called.has(name)),
      Object.keys(without),
    );
  });
});

/** What is wrong with a case, in a list of none or one. */
async function verdict(each: Case, backend: string, excused: Set<string>): Promise<string[]> {
  const name = nameOf(each);
  tf.engine().startScope();
  try {
    await check(each);
    return [];
  } catch (error) {
    const entry = Object.keys(beyond).find((begins) => `${backend}: ${name}`.startsWith(begins));
    if (entry) excused.add(entry);
    return entry ? [] : [`${name}: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`];
  } finally {
    tf.engine().endScope();
  }
}
