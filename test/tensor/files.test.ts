// Models in files, as @tensorflow/tfjs-node writes and reads them.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { load } from '../../src/tensor/load.ts';

const tf = load();
const folder = mkdtempSync(join(tmpdir(), 'tensorcell-files-'));
after(() => rmSync(folder, { recursive: true }));

const makeModel = () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 2 })] });
const x = tf.tensor2d([[1, 2, 3]]);
const answer = (model: ReturnType<typeof makeModel> | Awaited<ReturnType<typeof tf.loadLayersModel>>) =>
  (model.predict(x) as typeof x).dataSync();

describe('a model in files', () => {
  it('is two files, in a folder that is made, and comes back the same', async () => {
    const model = makeModel();
    const path = join(folder, 'deep', 'model with space');
    const result = await model.save(`file://${path}`);
    assert.equal(result.modelArtifactsInfo.weightDataBytes, 8 * 4);
    assert.equal(statSync(join(path, 'weights.bin')).size, 8 * 4);
    const { weightsManifest, format } = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'));
    assert.deepEqual([weightsManifest[0].paths, format], [['weights.bin'], 'layers-model']);
    assert.deepEqual(answer(await tf.loadLayersModel(`file://${path}/model.json`)), answer(model));
  });

  it('keeps the state of its training', async () => {
    const model = makeModel();
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await model.fit(x, tf.tensor2d([[1, 2]]), { epochs: 1, verbose: 0 });
    await model.save(`file://${folder}/trained`, { includeOptimizer: true });
    const back = await tf.loadLayersModel(`file://${folder}/trained/model.json`);
    await back.fit(x, tf.tensor2d([[1, 2]]), { epochs: 1, verbose: 0 });
    await model.fit(x, tf.tensor2d([[1, 2]]), { epochs: 1, verbose: 0 });
    assert.deepEqual(answer(back), answer(model));
  });

  it('takes a path from the working folder, and tf.io.fileSystem', async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const model = makeModel();
      await model.save('file://./here');
      assert.ok(existsSync(join(folder, 'here', 'model.json')));
      const { fileSystem } = tf.io as unknown as { fileSystem(path: string): Parameters<typeof tf.loadLayersModel>[0] };
      assert.deepEqual(answer(await tf.loadLayersModel(fileSystem('here/model.json'))), answer(model));
    } finally {
      process.chdir(before);
    }
  });

  it('says what is wrong with a path', async () => {
    await assert.rejects(tf.loadLayersModel(`file://${folder}/none/model.json`), /none.model\.json does not exist/);
    await assert.rejects(tf.loadLayersModel(`file://${folder}`), /is a folder; name its model\.json/);
    writeFileSync(join(folder, 'bad.json'), '<html>');
    await assert.rejects(tf.loadLayersModel(`file://${folder}/bad.json`), /bad\.json must be JSON/);
    await makeModel().save(`file://${folder}/halved`);
    rmSync(join(folder, 'halved', 'weights.bin'));
    await assert.rejects(tf.loadLayersModel(`file://${folder}/halved/model.json`), /weights\.bin does not exist/);
  });
});

it('a table in a file is read by tf.data.csv', async () => {
  writeFileSync(join(folder, 'table.csv'), 'a,b\n1,2\n3,4\n');
  assert.deepEqual(await tf.data.csv(`file://${folder}/table.csv`).toArray(), [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
  ]);
});
