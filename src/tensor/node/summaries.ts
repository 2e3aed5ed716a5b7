// Summaries for TensorBoard in event files, as its version 2 reads them (tensorboard/plugins/*/summary_v2.py). No library is needed.
import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { encodePng } from '../../display/png.ts';
import { core } from '../packages.ts';
import { bytes, double, float, integer, message } from './protobuf.ts';
import { frame } from './records.ts';

const writers = new Map<string, SummaryFileWriter>();
let files = 0;

/**
 * The writer of summaries to a folder, which is made when missing: one for each folder, however often it is asked for. Each summary is
 * in the file when its call returns, so nothing is lost with a session.
 * @param _maxQueue and _flushMillis are those of @tensorflow/tfjs-node, which keeps summaries back; here nothing is.
 * @param filenameSuffix at the end of the file's name.
 */
export function summaryFileWriter(
  logdir: string,
  _maxQueue = 10,
  _flushMillis = 120_000,
  filenameSuffix = '.v2',
): SummaryFileWriter {
  if (typeof logdir !== 'string' || !logdir) {
    throw new TypeError(
      `tf.node.summaryFileWriter: logdir must be the path of a folder, got ${JSON.stringify(logdir)}`,
    );
  }
  const folder = resolve(logdir);
  let writer = writers.get(folder);
  if (!writer) {
    writer = new SummaryFileWriter(folder, filenameSuffix);
    writers.set(folder, writer);
  }
  return writer;
}

/** Writes summaries: for each name a series of values by step. */
export class SummaryFileWriter {
  readonly #folder: string;
  readonly #path: string;

  constructor(folder: string, suffix: string) {
    const seconds = Math.floor(Date.now() / 1000);
    this.#folder = folder;
    this.#path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}${suffix}`);
  }

  /** Writes a number. @param description in Markdown. */
  scalar(name: string, value: Scalar | number, step: number, description = ''): void {
    const number = typeof value === 'number' ? value : onlyValue(name, value);
    this.#write(name, step, metadata('scalars', 1, description), message(integer(1, dtypes.float32), float(5, number)));
  }

  /**
   * Writes how values are spread.
   * @param data of any shape; values that are not finite are left out.
   * @param buckets of equal width. None is written for no data, a single one when all values are the same.
   */
  histogram(name: string, data: Tensor, step: number, buckets = 30, description = ''): void {
    if (!Number.isInteger(buckets) || buckets < 1) {
      throw new RangeError(`histogram: buckets must be a whole number of at least 1, got ${buckets}`);
    }
    const rows = bucketsOf(data.dataSync(), buckets);
    const content = new Uint8Array(Float64Array.from(rows.flat()).buffer);
    const shape = message(...[rows.length, 3].map((length) => bytes(2, integer(1, length))));
    const tensor = message(integer(1, dtypes.float64), bytes(2, shape), bytes(4, content));
    this.#write(name, step, metadata('histograms', 2, description), tensor);
  }

  /**
   * Writes images.
   * @param data [h, w, c] or [n, h, w, c] with 1, 3 or 4 channels: float32 in 0…1, or int32 in 0…255 (else clamped).
   * @param maxOutputs at most so many of the n.
   */
  image(name: string, data: Tensor, step: number, maxOutputs = 3, description = ''): void {
    const [channels = 0, width = 0, height = 0, count = 1] = [...data.shape].reverse();
    if (data.rank < 3 || data.rank > 4 || ![1, 3, 4].includes(channels)) {
      throw new RangeError(`image: must be [h, w, c] or [n, h, w, c] with 1, 3 or 4 channels, got [${data.shape}]`);
    }
    const scale = data.dtype === 'float32' ? 255 : 1;
    const pixels = Uint8ClampedArray.from(data.dataSync(), (value) => value * scale);
    const size = width * height * channels;
    const files = Array.from({ length: Math.min(count, maxOutputs) }, (_, i) =>
      encodePng({ width, height, channels: channels as 1 | 3 | 4, data: pixels.subarray(i * size, (i + 1) * size) }),
    );
    const values = [String(width), String(height), ...files];
    const shape = bytes(2, integer(1, values.length));
    const tensor = message(integer(1, dtypes.string), bytes(2, shape), ...values.map((value) => bytes(8, value)));
    this.#write(name, step, metadata('images', 3, description), tensor);
  }

  /** Makes sure that what was written is on the disk. */
  flush(): void {
    if (!existsSync(this.#path)) return;
    const file = openSync(this.#path, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  #write(tag: string, step: number, about: Uint8Array, tensor: Uint8Array): void {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new RangeError(`summary ${tag}: step must be a whole number of at least 0, got ${step}`);
    }
    const value = message(bytes(1, tag), bytes(9, about), bytes(8, tensor));
    // A folder that was emptied for a fresh run is begun anew.
    if (!existsSync(this.#path)) {
      mkdirSync(this.#folder, { recursive: true });
      this.#append(bytes(3, 'brain.Event:2'));
    }
    this.#append(message(integer(2, step), bytes(5, bytes(1, value))));
  }

  #append(event: Uint8Array): void {
    appendFileSync(this.#path, frame(message(double(1, Date.now() / 1000), event)));
  }
}

/** Numbers of dtypes in a TensorProto. */
const dtypes = { float32: 1, float64: 2, string: 7 } as const;

/** SummaryMetadata. @param data class: 1 a scalar, 2 a tensor, 3 a sequence of files. */
function metadata(plugin: string, dataClass: 1 | 2 | 3, description: string): Uint8Array {
  return message(bytes(1, bytes(1, plugin)), bytes(3, description), integer(4, dataClass));
}

function onlyValue(name: string, value: Tensor): number {
  if (value instanceof core.Tensor && value.rank === 0) return value.dataSync()[0]!;
  const got = value instanceof core.Tensor ? `a tensor of shape [${value.shape}]` : typeof value;
  throw new TypeError(`summary ${name}: a scalar must be a number or a tensor of rank 0, got ${got}`);
}

/** [left edge, right edge, count] of each bucket; the right edge belongs to the last alone. */
function bucketsOf(data: ArrayLike<number>, count: number): [number, number, number][] {
  const values = Array.from(data).filter(Number.isFinite);
  if (values.length === 0) return [];
  let [low, high] = [values[0]!, values[0]!];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) return [[low - 0.5, high + 0.5, values.length]];
  const width = (high - low) / count;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) counts[Math.min(count - 1, Math.floor((value - low) / width))]!++;
  return counts.map((many, i) => [low + i * width, i + 1 === count ? high : low + (i + 1) * width, many]);
}
