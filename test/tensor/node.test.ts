// `tf.node`: images, on whichever backend the tensors are.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { Rank, Tensor3D } from '@tensorflow/tfjs-core';
import { found, tf } from './backends.ts';

const { node } = tf;

/** A picture of 3 × 2 pixels. */
const colours = (channels: number): Tensor3D =>
  tf.tensor3d(
    Array.from({ length: 6 * channels }, (_, i) => (i * 37) % 256),
    [2, 3, channels],
    'int32',
  );

/** An uncompressed BMP of 1 × 1 pixel. */
function bmp(red: number, green: number, blue: number): Uint8Array {
  const file = Buffer.alloc(58);
  file.write('BM');
  file.writeUInt32LE(58, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(1, 18);
  file.writeInt32LE(1, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  file.writeUInt32LE(4, 34);
  file.set([blue, green, red], 54);
  return file;
}

/** Two frames of 1 × 1 pixel, the first black, the second white: the end of a code stream is 4 (clear), the colour, 5 (end). */
const gif = Buffer.from(
  '474946383961010001008000000000' +
    '00ffffff' +
    ['024401', '024c01'].map((data) => `2c000000000100010000${`02${data}00`}`).join('') +
    '3b',
  'hex',
);

describe('images of tf.node', { skip: found.includes('tensorflow') ? false : 'no library of TensorFlow' }, () => {
  for (const backend of ['tensorflow', 'wasm', 'cpu']) {
    it(`come back from a PNG as they were, on ${backend}`, async () => {
      await tf.setBackend(backend);
      for (const channels of [1, 2, 3, 4]) {
        const image = colours(channels);
        const file = await node.encodePng(image);
        assert.ok(file instanceof Uint8Array);
        assert.equal(Buffer.from(file.subarray(1, 4)).toString(), 'PNG');
        for (const decoded of [node.decodePng(file), node.decodeImage(file)]) {
          assert.equal(decoded.dtype, 'int32');
          assert.deepEqual(decoded.shape, [2, 3, channels]);
          assert.deepEqual(decoded.dataSync(), image.dataSync());
        }
      }
    });
  }

  it('have as many channels as are asked for', async () => {
    const file = await node.encodePng(colours(3), 9);
    assert.deepEqual(node.decodePng(file, 1).shape, [2, 3, 1]);
    assert.deepEqual(node.decodeImage(file, 4).shape, [2, 3, 4]);
  });

  it('come back from a JPEG nearly as they were, smaller by a ratio', async () => {
    const image = tf.fill<Rank.R3>([16, 8, 3], 200, 'int32');
    const file = await node.encodeJpeg(image, 'rgb', 90, true);
    const decoded = node.decodeImage(file);
    assert.deepEqual(decoded.shape, [16, 8, 3]);
    assert.ok(tf.max(tf.abs(tf.sub(decoded, image))).dataSync()[0]! <= 3);
    assert.deepEqual(node.decodeJpeg(file, 1, 4).shape, [4, 2, 1]);
    assert.ok((await node.encodeJpeg(image, '', 10)).length < (await node.encodeJpeg(image, '', 100)).length);
  });

  it('come from a BMP and from all frames of a GIF, or its first', () => {
    for (const decoded of [node.decodeBmp(bmp(10, 20, 30)), node.decodeImage(bmp(10, 20, 30))]) {
      assert.deepEqual(decoded.arraySync(), [[[10, 20, 30]]]);
    }
    const frames = [[[[0, 0, 0]]], [[[255, 255, 255]]]];
    assert.deepEqual(node.decodeGif(gif).arraySync(), frames);
    assert.deepEqual(node.decodeImage(gif).arraySync(), frames);
    assert.deepEqual(node.decodeImage(gif, 0, 'int32', false).arraySync(), frames[0]);
  });

  it('are clamped to 0…255 when they are written', async () => {
    const file = await node.encodePng(tf.tensor3d([[[-5], [0.6], [300]]]));
    assert.deepEqual([...node.decodePng(file).dataSync()], [0, 1, 255]);
  });

  it('leave no tensor behind but the decoded one', async () => {
    const image = colours(3);
    const before = tf.memory().numTensors;
    const decoded = node.decodePng(await node.encodePng(image));
    assert.equal(tf.memory().numTensors, before + 1);
    decoded.dispose();
  });

  it('that are none are refused with the name of the function and what must hold', async () => {
    assert.throws(
      () => node.decodeImage(Buffer.from('hello, this is text')),
      /^Error: tf\.node\.decodeImage: .*JPEG, .*PNG/,
    );
    assert.throws(
      () => node.decodePng('a.png' as never),
      /tf\.node\.decodePng: contents must be a Uint8Array.*got string/,
    );
    assert.throws(() => node.decodePng(bmp(0, 0, 0), 0, 'float32'), /dtype must be int32, got float32/);
    const cut = (await node.encodePng(colours(3))).subarray(0, 40);
    assert.throws(() => node.decodePng(cut), /^Error: tf\.node\.decodePng: /);
    await assert.rejects(
      node.encodePng(tf.zeros([2, 3]) as never),
      /must be rank 3 \[h, w, channels\], got rank 2 \[2,3\]/,
    );
    await assert.rejects(node.encodeJpeg(tf.zeros([2, 3, 4])), /^Error: tf\.node\.encodeJpeg: /);
  });
});

describe('tf.node without the library of TensorFlow', () => {
  it('says what is missing and the command that gets it', () => {
    const module = new URL('../../src/tensor/load.js', import.meta.url).href;
    const code = `
      import { load } from ${JSON.stringify(module)};
      try { load().node.decodePng(new Uint8Array(8)); } catch (error) { console.log(error.message); }`;
    const env = { ...process.env, TENSORCELL_LIBTENSORFLOW: '/nowhere', TENSORCELL_BACKEND: '' };
    const args = ['--input-type=module', '-e', code];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    assert.match(stdout, /^tf\.node\.decodePng: libtensorflow: no .*tensorcell setup gets them\n$/);
  });
});
