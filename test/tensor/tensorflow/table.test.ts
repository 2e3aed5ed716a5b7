// The table of TensorFlow kernels against tfjs-core's own list of kernel names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { load } from '../../../src/tensor/load.ts';
import { adamKernels } from '../../../src/tensor/tensorflow/kernels/adam.ts';
import { ownKernels } from '../../../src/tensor/tensorflow/kernels/random.ts';
import { absent, kernels } from '../../../src/tensor/tensorflow/kernels/table.ts';

load();
const list = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/dist/kernel_names.js');
const names = [...readFileSync(list, 'utf8').matchAll(/^export const \w+ = '(\w+)';/gm)].map(([, name]) => name!);

describe('the table of TensorFlow kernels', () => {
  it('has every kernel that tfjs-core names, or a reason why not', () => {
    assert.ok(names.length > 150, `only ${names.length} names found in ${list}`);
    const missing = names.filter((name) => !(name in kernels) && !(name in absent));
    assert.deepEqual(missing, []);
  });

  it('names no kernel that tfjs-core has not, but its own', () => {
    const unknown = [...Object.keys(kernels), ...Object.keys(absent)].filter((name) => !names.includes(name));
    assert.deepEqual(unknown, [...Object.keys(adamKernels), ...Object.keys(ownKernels)]);
  });

  it('gives no reason for a kernel that it has', () => {
    assert.deepEqual(
      Object.keys(absent).filter((name) => name in kernels),
      [],
    );
  });
});
