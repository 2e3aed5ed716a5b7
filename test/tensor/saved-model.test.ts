// `tf.node.loadSavedModel`: a SavedModel of one graph, written here, whose signature has `sum = x + y` and `kept = y` (int64).
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytes, integer, message } from '../../src/tensor/node/protobuf.ts';
import { found, tf } from './backends.ts';

const root = mkdtempSync(join(tmpdir(), 'tensorcell-saved-model-'));
after(() => rmSync(root, { recursive: true, force: true }));

const [float, int64] = [1, 9];
const attr = (name: string, dtype: number) => bytes(5, message(bytes(1, name), bytes(2, integer(6, dtype))));
const node = (name: string, op: string, inputs: string[], ...attrs: Uint8Array[]) =>
  bytes(1, message(bytes(1, name), bytes(2, op), ...inputs.map((input) => bytes(3, input)), ...attrs));
const tensor = (key: string, name: string, dtype: number) => {
  const shape = bytes(2, integer(1, 2));
  return message(bytes(1, key), bytes(2, message(bytes(1, name), integer(2, dtype), bytes(3, shape))));
};

before(() => {
  const graph = message(
    node('a', 'Placeholder', [], attr('dtype', float)),
    node('b', 'Placeholder', [], attr('dtype', int64)),
    node('wide', 'Cast', ['b'], attr('SrcT', int64), attr('DstT', float)),
    node('add', 'AddV2', ['a', 'wide'], attr('T', float)),
    node('same', 'Identity', ['b'], attr('T', int64)),
  );
  const signature = message(
    bytes(1, tensor('x', 'a:0', float)),
    bytes(1, tensor('y', 'b:0', int64)),
    bytes(2, tensor('sum', 'add:0', float)),
    bytes(2, tensor('kept', 'same:0', int64)),
    bytes(3, 'tensorflow/serving/predict'),
  );
  const metaGraph = message(
    bytes(1, bytes(4, 'serve')),
    bytes(2, graph),
    bytes(5, message(bytes(1, 'serving_default'), bytes(2, signature))),
  );
  writeFileSync(join(root, 'saved_model.pb'), message(integer(1, 1), bytes(2, metaGraph)));
});

describe('tf.node.getMetaGraphsFromSavedModel', () => {
  it('lists graphs, signatures and their tensors without the library of TensorFlow', async () => {
    const [graph, ...more] = await tf.node.getMetaGraphsFromSavedModel(root);
    assert.deepEqual(more, []);
    assert.deepEqual(graph!.tags, ['serve']);
    const { inputs, outputs } = graph!.signatureDefs.serving_default!;
    assert.deepEqual(inputs.x, { name: 'a:0', dtype: 'float32', tfDtype: 'DT_FLOAT', shape: [2] });
    assert.deepEqual(inputs.y, { name: 'b:0', dtype: 'int32', tfDtype: 'DT_INT64', shape: [2] });
    assert.deepEqual(Object.keys(outputs), ['sum', 'kept']);
  });

  it('says what a folder must be', async () => {
    await assert.rejects(
      tf.node.getMetaGraphsFromSavedModel('/nowhere'),
      /\/nowhere must be the folder of a SavedModel/,
    );
    const broken = join(root, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'saved_model.pb'), 'hello');
    await assert.rejects(tf.node.getMetaGraphsFromSavedModel(broken), /must be a SavedModel, got something else/);
  });
});

describe('tf.node.loadSavedModel', { skip: found.includes('tensorflow') ? false : 'no library of TensorFlow' }, () => {
  for (const backend of ['tensorflow', 'wasm']) {
    it(`predicts from an array or a map of tensors, on ${backend}`, async () => {
      await tf.setBackend(backend);
      const model = await tf.node.loadSavedModel(root);
      const [x, y] = [tf.tensor([0.5, 1]), tf.tensor([10, 20], [2], 'int32')];
      const named = model.predict({ y, x });
      assert.deepEqual([...named.sum!.dataSync()], [10.5, 21]);
      assert.deepEqual([...named.kept!.dataSync()], [10, 20]);
      assert.equal(named.kept!.dtype, 'int32');
      assert.deepEqual([...model.predict([x, y])[0]!.dataSync()], [10.5, 21]);
      model.dispose();
    });
  }

  it('frees a graph with the last model of it', async () => {
    const models = [await tf.node.loadSavedModel(root), await tf.node.loadSavedModel(root)];
    assert.equal(tf.node.getNumOfSavedModels(), 2);
    models[0]!.dispose();
    assert.equal(models[1]!.predict([tf.ones([2]), tf.ones([2])]).length, 2);
    models[1]!.dispose();
    assert.equal(tf.node.getNumOfSavedModels(), 0);
    assert.throws(() => models[1]!.predict([]), /the model was disposed/);
    assert.throws(() => models[1]!.dispose(), /disposed already/);
  });

  it('says what must hold', async () => {
    await assert.rejects(tf.node.loadSavedModel(root, ['train']), /tags must be one of \[serve\], got \[train\]/);
    await assert.rejects(tf.node.loadSavedModel(root, ['serve'], 'other'), /one of serving_default, got other/);
    const model = await tf.node.loadSavedModel(root);
    assert.throws(() => model.predict({ x: tf.ones([2]) }), /the inputs must be x, y, got x/);
    assert.throws(() => model.predict(tf.ones([2])), /2 inputs are needed, got 1/);
    assert.throws(() => model.predict([tf.ones([2]), tf.ones([3])]), /^Error: tf\.node\.loadSavedModel: predict: /);
    model.dispose();
  });
});
