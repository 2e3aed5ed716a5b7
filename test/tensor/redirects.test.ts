// Every way to import TensorFlow.js in a session gives the session's own: names, default and namespace, import and require, from cells
// and from packages at any depth.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { Evaluator } from '../../src/session/evaluate.ts';
import { answers, load } from '../../src/tensor/load.ts';
import { tensorRedirects } from '../../src/tensor/redirects.ts';
import { makeFolder } from '../session/folder.ts';

const { folder, write } = makeFolder('redirects');

// A package of TensorFlow.js that must never be loaded, at the top and below a package that brings its own.
const fake = {
  'package.json': '{"name":"@tensorflow/tfjs-core","main":"main.js"}',
  'main.js': 'throw new Error("a second copy")',
};
for (const at of ['node_modules', 'node_modules/needs-tfjs/node_modules']) {
  for (const name of ['tfjs', 'tfjs-core', 'tfjs-node']) {
    write(Object.fromEntries(Object.entries(fake).map(([file, text]) => [`${at}/@tensorflow/${name}/${file}`, text])));
  }
}
write({
  'node_modules/needs-tfjs/package.json': '{"name":"needs-tfjs","main":"main.cjs"}',
  'node_modules/needs-tfjs/main.cjs': `exports.core = require('@tensorflow/tfjs-core'); exports.deep = require('@tensorflow/tfjs-core/dist/ops/conv_util');`,
  'node_modules/esm-tfjs/package.json': '{"name":"esm-tfjs","type":"module","exports":"./main.js"}',
  'node_modules/esm-tfjs/main.js': `import tf, { Tensor, add } from '@tensorflow/tfjs-core'; import * as all from '@tensorflow/tfjs'; export { tf, Tensor, add, all };`,
  'local.ts': `import * as tf from '@tensorflow/tfjs-node-gpu'; export const made: tf.Tensor = tf.ones([2]);`,
});

const evaluator = new Evaluator({ folder, redirects: tensorRedirects });
evaluator.declare('tf', load());
let count = 0;
const run = async (code: string): Promise<unknown> => await evaluator.prepare(code, `In[${++count}]`).run();

describe('TensorFlow.js in a cell', () => {
  for (const name of ['tfjs', 'tfjs-node', 'tfjs-node-gpu']) {
    it(`is the session's as @tensorflow/${name}, imported and required`, async () => {
      assert.deepEqual(
        await run(`import * as all${count} from '@tensorflow/${name}'; import own${count}, { tensor as t${count}, sequential as s${count}, data as d${count}, node as n${count}, loadGraphModel as g${count}, setSeed as r${count} } from '@tensorflow/${name}';
          [all${count}.add === tf.add, own${count} === tf, t${count} === tf.tensor, s${count} === tf.sequential, d${count} === tf.data, n${count} === tf.node, g${count} === tf.loadGraphModel, r${count} === tf.setSeed, require('@tensorflow/${name}') === tf, all${count}.version === tf.version]`),
        Array(10).fill(true),
      );
    });
  }

  for (const [name, member] of [
    ['core', 'add'],
    ['layers', 'sequential'],
    ['data', 'csv'],
    ['converter', 'loadGraphModel'],
    ['backend-cpu', 'MathBackendCPU'],
    ['backend-wasm', 'BackendWasm'],
    ['backend-webgl', 'setWebGLContext'],
    ['backend-webgpu', 'WebGPUBackend'],
  ] as const) {
    it(`is the session's as @tensorflow/tfjs-${name}`, async () => {
      const answer = answers[name.replace('backend-', '') as keyof typeof answers]() as Record<string, unknown>;
      const [named, whole, required] =
        (await run(`import whole${count}, { ${member} as member${count} } from '@tensorflow/tfjs-${name}';
        [member${count}, whole${count}, require('@tensorflow/tfjs-${name}')]`)) as unknown[];
      assert.ok(named === answer[member] && whole === answer && required === answer);
    });

    it(`has all names of @tensorflow/tfjs-${name} in its ES module`, async () => {
      const answer = answers[name.replace('backend-', '') as keyof typeof answers]();
      const namespace = (await run(
        `import * as names${count} from '@tensorflow/tfjs-${name}'; names${count}`,
      )) as object;
      const missing = Object.keys(answer).filter((key) => !(key in namespace));
      assert.deepEqual(missing, []);
    });
  }

  it("is the session's by a path within a package", async () => {
    assert.equal(await run(`require('@tensorflow/tfjs-core/dist/tf-core.node.js').add === tf.add`), true);
    assert.equal(await run(`(await import('@tensorflow/tfjs/dist/tf.min.js')).add === tf.add`), true);
    await run(`import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'`);
  });
});

describe('a deep module of TensorFlow.js', () => {
  it("gives the session's own for what the package exposes, imported and required", async () => {
    assert.deepEqual(
      await run(`import { computeConv2DInfo } from '@tensorflow/tfjs-core/dist/ops/conv_util';
        import * as forConverter from '@tensorflow/tfjs-core/dist/ops/ops_for_converter';
        import { Conv2D as kernelName } from '@tensorflow/tfjs-core/dist/kernel_names.js';
        import { Tensor as DeepTensor } from '@tensorflow/tfjs-core/dist/tensor';
        import { conv2d as fusedConv2d } from '@tensorflow/tfjs-core/dist/ops/fused/conv2d';
        const required = require('@tensorflow/tfjs-core/dist/ops/ops_for_converter');
        [computeConv2DInfo === tf.backend_util.computeConv2DInfo, forConverter.matMul === tf.matMul, forConverter.dropout === tf.dropout,
          required.matMul === tf.matMul, kernelName === tf.Conv2D, DeepTensor === tf.Tensor, fusedConv2d === tf.fused.conv2d]`),
      Array(7).fill(true),
    );
  });

  it('gives what only the module has, on the one engine', async () => {
    assert.deepEqual(
      await run(`import { ENGINE, getOrMakeEngine } from '@tensorflow/tfjs-core/dist/engine';
        import { convertToTensor, inferShape } from '@tensorflow/tfjs-core/dist/tensor_util_env';
        import { getExactlyOneTensor } from '@tensorflow/tfjs-layers/dist/utils/types_utils';
        const one = tf.ones([2]);
        [inferShape([[1, 2]])[1] === 2, convertToTensor([1], 'x', 'test') instanceof tf.Tensor, ENGINE === tf.engine(), getOrMakeEngine() === tf.engine(), getExactlyOneTensor([one]) === one,
          require('@tensorflow/tfjs-layers/dist/utils/types_utils').getExactlyOneTensor(one) === one]`),
      Array(6).fill(true),
    );
  });

  it("leaves the session's classes, methods and backends as they are", async () => {
    assert.deepEqual(
      await run(`const before = [tf.Tensor.prototype.add, tf.getBackend(), tf.serialization.SerializationMap.getMap().classNameMap.Dense[0], tf.layers.Layer];
        import { Container } from '@tensorflow/tfjs-layers/dist/engine/container';
        import { Dense } from '@tensorflow/tfjs-layers/dist/layers/core';
        import '@tensorflow/tfjs-core/dist/public/chained_ops/add';
        import '@tensorflow/tfjs-core/dist/flags';
        import { Layer as DeepLayer } from '@tensorflow/tfjs-layers/dist/engine/topology';
        const after = [tf.Tensor.prototype.add, tf.getBackend(), tf.serialization.SerializationMap.getMap().classNameMap.Dense[0], DeepLayer];
        [typeof Container, typeof Dense, ...before.map((value, at) => value === after[at])]`),
      ['function', 'function', true, true, true, true],
    );
  });

  it('names the module that is not there, imported and required', async () => {
    const path = '@tensorflow/tfjs-core/dist/ops/absent';
    const says = /Cannot find module '@tensorflow\/tfjs-core\/dist\/ops\/absent'/;
    await assert.rejects(run(`import '${path}'`), says);
    await assert.rejects(run(`require('${path}')`), says);
  });
});

describe('a model of @tensorflow-models', () => {
  it("trains and predicts with the session's tensors", async () => {
    const entry = createRequire(import.meta.url).resolve('@tensorflow-models/knn-classifier/package.json');
    cpSync(dirname(entry), join(folder, 'node_modules/@tensorflow-models/knn-classifier'), { recursive: true });
    const knn = await run(`import * as knn from '@tensorflow-models/knn-classifier';
      const classifier = knn.create();
      for (const [x, y, label] of [[9, 0, 'low'], [9, 1, 'low'], [0, 9, 'high'], [1, 9, 'high']]) classifier.addExample(tf.tensor([x, y]), label);
      const { label, confidences } = await classifier.predictClass(tf.tensor([2, 8]), 2);
      [label, confidences.high, Object.values(classifier.getClassifierDataset()).every((data) => data instanceof tf.Tensor)]`);
    assert.deepEqual(knn, ['high', 1, true]);
  });
});

describe('TensorFlow.js in a package or a local file', () => {
  it("is the session's, also where the package has its own copy beside it", async () => {
    assert.deepEqual(
      await run(
        `import needs from 'needs-tfjs'; [needs.core.add === tf.add, needs.deep.add, tf.ones([1]) instanceof needs.core.Tensor]`,
      ),
      [true, undefined, true],
    );
    assert.equal(await run(`needs.deep.computeConv2DInfo === tf.backend_util.computeConv2DInfo`), true);
    assert.deepEqual(
      await run(
        `import { tf as core, Tensor as T, add as plus, all as everything } from 'esm-tfjs'; [core.add === tf.add, tf.ones([1]) instanceof T, plus === tf.add, everything.default === tf]`,
      ),
      [true, true, true, true],
    );
    assert.equal(await run(`import { made } from './local.ts'; made instanceof tf.Tensor`), true);
  });
});
