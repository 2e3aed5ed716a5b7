// Unpacks what is wanted of a compressed tar archive as npm makes it (ustar, gzip), without holding it in memory.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const BLOCK = 512;

export interface TarOptions {
  /** Where a file goes, below the folder, by its path in the archive; undefined leaves it out. */
  readonly place: (name: string) => string | undefined;
  /** Told of each piece of bytes that is unpacked. */
  readonly onBytes?: (count: number) => void;
  readonly signal?: AbortSignal;
}

/** Unpacks an archive and returns the paths below the folder. Rejects for one that is cut off or damaged, or when a path leads out. */
export async function unpackTar(archive: string, folder: string, options: TarOptions): Promise<string[]> {
  const { place, onBytes, signal } = options;
  const stream = createGunzip({ chunkSize: 2 ** 20 });
  const reading = pipeline(createReadStream(archive, { highWaterMark: 2 ** 20 }), stream, { signal });
  // Its failure is that of the iterator below, too.
  reading.catch(() => undefined);
  const bytes = new Bytes(stream);
  const placed: string[] = [];
  for (;;) {
    const header = await bytes.take(BLOCK);
    // Two blocks of zeros are its end.
    if (header[0] === 0) break;
    const text = (from: number, length: number) => header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
    const name = [text(345, 155), text(0, 100)].filter(Boolean).join('/');
    const size = Number.parseInt(text(124, 12), 8);
    const type = text(156, 1);
    if (text(257, 5) !== 'ustar' || Number.isNaN(size)) throw new Error(`${archive} is no tar archive`);
    const path = type === '0' || type === '' ? place(name) : undefined;
    if (path?.split(/[/\\]/).includes('..')) throw new Error(`${archive}: ${name} leads out of its folder`);
    const pieces = bytes.pieces(size, onBytes);
    if (path === undefined) for await (const _ of pieces);
    else {
      const to = join(folder, ...path.split('/'));
      await mkdir(dirname(to), { recursive: true });
      await pipeline(pieces, createWriteStream(to, { highWaterMark: 2 ** 20 }));
      placed.push(path);
    }
    await bytes.take((BLOCK - (size % BLOCK)) % BLOCK);
  }
  return placed;
}

/** A stream, read in the sizes that are asked for. */
class Bytes {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#source = stream[Symbol.asyncIterator]();
  }

  /** So many bytes, as they come. */
  async *pieces(size: number, onBytes?: (count: number) => void): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#source.next();
        if (done) throw new Error('the archive is cut off');
        this.#rest = value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      onBytes?.(piece.length);
      yield piece;
    }
  }

  async take(size: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.pieces(size)) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}
