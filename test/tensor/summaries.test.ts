// Summaries of `tf.node`: event files, read back by their own form.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Field, fieldsOf } from '../../src/tensor/node/fields.ts';
import { checksum, frame } from '../../src/tensor/node/records.ts';
import { tf } from './backends.ts';

const root = mkdtempSync(join(tmpdir(), 'tensorcell-summaries-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** The records of a file, without a look at their checksums. */
function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    records.push(file.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return records;
}

/** One summary as it was read. */
interface Summary {
  readonly tag: string;
  readonly step: number;
  readonly plugin: string;
  readonly description: string;
  /** Fields of its TensorProto. */
  readonly tensor: Record<number, Field[]>;
}

/** The summaries of the one file in a folder. */
function read(folder: string): Summary[] {
  const [name, ...more] = readdirSync(folder);
  assert.deepEqual(more, []);
  assert.match(name!, /^events\.out\.tfevents\.\d{10}\..*\.v2$/);
  const [first, ...events] = recordsOf(readFileSync(join(folder, name!))).map(fieldsOf);
  assert.equal(String(first![3]![0]), 'brain.Event:2');
  return events.map((event) => {
    assert.ok(Math.abs((event[1]![0] as Buffer).readDoubleLE() - Date.now() / 1000) < 3600);
    const value = fieldsOf(fieldsOf(event[5]![0] as Buffer)[1]![0] as Buffer);
    const about = fieldsOf(value[9]![0] as Buffer);
    return {
      tag: String(value[1]![0]),
      step: event[2]![0] as number,
      plugin: String(fieldsOf(about[1]![0] as Buffer)[1]![0]),
      description: String(about[3]![0]),
      tensor: fieldsOf(value[8]![0] as Buffer),
    };
  });
}

const number = ({ tensor }: Summary): number => (tensor[5]![0] as Buffer).readFloatLE();
const doubles = ({ tensor }: Summary): number[] => {
  const content = tensor[4]![0] as Buffer;
  return Array.from({ length: content.length / 8 }, (_, i) => content.readDoubleLE(i * 8));
};

describe('a file of records', () => {
  it('has each record between its length and its checksum', () => {
    // CRC-32C of "123456789" is e3069283, by the catalogue of such codes.
    const masked = (((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8) >>> 0;
    assert.equal(checksum(Buffer.from('123456789')), masked);
    const framed = Buffer.from(frame(Buffer.from('123456789')));
    assert.equal(framed.readBigUInt64LE(), 9n);
    assert.equal(framed.readUInt32LE(8), checksum(framed.subarray(0, 8)));
    assert.equal(framed.readUInt32LE(21), masked);
    assert.equal(framed.length, 25);
  });
});

describe('tf.node.summaryFileWriter', () => {
  it('writes numbers and scalars by step, without the library of TensorFlow, at once', () => {
    const folder = join(root, 'scalars', 'deep');
    const writer = tf.node.summaryFileWriter(folder);
    assert.equal(tf.node.summaryFileWriter(`${folder}/`), writer);
    writer.scalar('loss', 0.5, 0, 'how wrong it is');
    writer.scalar('loss', tf.scalar(0.25), 300);
    const [first, second] = read(folder);
    assert.deepEqual([first!.tag, first!.step, first!.plugin], ['loss', 0, 'scalars']);
    assert.equal(first!.description, 'how wrong it is');
    assert.equal(number(first!), 0.5);
    assert.equal(second!.step, 300);
    assert.equal(number(second!), 0.25);
    writer.flush();
  });

  it('writes how values are spread', () => {
    const folder = join(root, 'histograms');
    const writer = tf.node.summaryFileWriter(folder);
    writer.histogram('w', tf.tensor([0, 1, 1, 4, Number.NaN, Number.POSITIVE_INFINITY]), 1, 4);
    writer.histogram('w', tf.ones([2, 3]), 2);
    writer.histogram('w', tf.zeros([0]), 3);
    const [spread, same, none] = read(folder);
    assert.equal(spread!.plugin, 'histograms');
    assert.deepEqual(doubles(spread!), [0, 1, 1, 1, 2, 2, 2, 3, 0, 3, 4, 1]);
    const lengths = fieldsOf(spread!.tensor[2]![0] as Buffer)[2]!.map((dim) => fieldsOf(dim as Buffer)[1]![0]);
    assert.deepEqual(lengths, [4, 3]);
    assert.deepEqual(doubles(same!), [0.5, 1.5, 6]);
    assert.deepEqual(doubles(none!), []);
  });

  it('writes images as PNG files behind their width and height', () => {
    const folder = join(root, 'images');
    const writer = tf.node.summaryFileWriter(folder);
    writer.image('bright', tf.ones([2, 3, 1]), 0);
    writer.image('many', tf.zeros([5, 2, 3, 3], 'int32'), 1, 2);
    const [one, many] = read(folder);
    assert.equal(one!.plugin, 'images');
    assert.deepEqual(one!.tensor[8]!.slice(0, 2).map(String), ['3', '2']);
    assert.equal(String((one!.tensor[8]![2] as Buffer).subarray(1, 4)), 'PNG');
    assert.equal(many!.tensor[8]!.length, 4);
  });

  it('begins a folder anew that was removed', () => {
    const folder = join(root, 'again');
    const writer = tf.node.summaryFileWriter(folder);
    writer.scalar('x', 1, 1);
    rmSync(folder, { recursive: true });
    writer.scalar('x', 2, 2);
    assert.deepEqual(read(folder).map(number), [2]);
  });

  it('says what must hold', () => {
    assert.throws(() => tf.node.summaryFileWriter(''), /logdir must be the path of a folder, got ""/);
    const writer = tf.node.summaryFileWriter(join(root, 'refused'));
    assert.throws(() => writer.scalar('x', tf.ones([2]) as never, 0), /must be a number or a tensor of rank 0.*\[2\]/);
    assert.throws(() => writer.scalar('x', 1, 0.5), /step must be a whole number of at least 0, got 0.5/);
    assert.throws(() => writer.histogram('x', tf.ones([2]), 0, 0), /buckets must be a whole number/);
    assert.throws(() => writer.image('x', tf.ones([2, 2, 2]), 0), /1, 3 or 4 channels, got \[2,2,2\]/);
  });
});

describe('tf.node.tensorBoard', () => {
  for (const updateFreq of ['epoch', 'batch'] as const) {
    it(`writes losses and metrics of each ${updateFreq}, training and validation apart`, async () => {
      const folder = join(root, updateFreq);
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
      model.compile({ loss: 'meanSquaredError', optimizer: 'sgd', metrics: ['mae'] });
      const [x, y] = [tf.ones([8, 2]), tf.zeros([8, 1])];
      const callbacks = tf.node.tensorBoard(folder, { updateFreq, histogramFreq: 2 });
      const { history } = await model.fit(x, y, {
        epochs: 3,
        batchSize: 4,
        validationData: [x, y],
        verbose: 0,
        callbacks,
      });
      const train = read(join(folder, 'train'));
      const of = (tag: string) => train.filter((summary) => summary.tag === tag);
      assert.deepEqual(
        of('epoch_loss').map(number),
        history.loss!.map((value) => Math.fround(value as number)),
      );
      assert.deepEqual(
        of('epoch_mae').map(({ step }) => step),
        [1, 2, 3],
      );
      const batches = of('batch_loss').map(({ step }) => step);
      assert.deepEqual(batches, updateFreq === 'batch' ? [1, 2, 3, 4, 5, 6] : []);
      const kernel = train.filter(({ plugin, tag }) => plugin === 'histograms' && tag.endsWith('/kernel'));
      assert.deepEqual(
        kernel.map(({ step }) => step),
        [0, 2],
      );
      assert.deepEqual(
        read(join(folder, 'val')).map(({ tag }) => tag),
        ['epoch_loss', 'epoch_mae', 'epoch_loss', 'epoch_mae', 'epoch_loss', 'epoch_mae'],
      );
    });
  }

  it('says what must hold', () => {
    assert.throws(
      () => tf.node.tensorBoard(root, { updateFreq: 'step' as never }),
      /must be 'batch' or 'epoch', got "step"/,
    );
    assert.throws(() => tf.node.tensorBoard(root, { histogramFreq: -1 }), /at least 0, got -1/);
  });
});
