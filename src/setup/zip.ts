// Reads a zip archive from disk without holding it in memory: its list of members, and each member's bytes as a stream that is
// checked. Knows stored and deflated members; no zip64, no encryption, no writing.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Unix permissions; 0 when the archive tells none. */
  readonly mode: number;
  readonly packedSize: number;
  readonly deflated: boolean;
  readonly offset: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/** The members of an archive. Rejects for a file that is no whole zip. */
export async function listZip(path: string): Promise<ZipMember[]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    // The end record is followed by a comment of at most 64 KB.
    const tail = await readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
    const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    if (at < 0 || tail.readUInt32LE(at) !== END || tail.length < at + 22) throw broken(path, 'its end is missing');
    const [count, length, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (count === 0xffff || start === 0xffffffff) throw broken(path, 'it is a zip64 archive');
    return entries(path, await readAt(file, start, length), count);
  } finally {
    await file.close();
  }
}

function entries(path: string, directory: Buffer, count: number): ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (directory.length < at + 46 || directory.readUInt32LE(at) !== ENTRY) throw broken(path, 'its list is damaged');
    const nameLength = directory.readUInt16LE(at + 28);
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      size: directory.readUInt32LE(at + 24),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
      packedSize: directory.readUInt32LE(at + 20),
      deflated: directory.readUInt16LE(at + 10) === 8,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}

/** Writes a member's bytes to `to` and resolves to their SHA-256 (raw). `onBytes` is told of each piece. */
export async function unzip(
  path: string,
  member: ZipMember,
  to: Writable,
  options: { readonly onBytes?: (count: number) => void; readonly signal?: AbortSignal } = {},
): Promise<Buffer> {
  const start = await dataStart(path, member);
  const hash = createHash('sha256');
  let size = 0;
  const check = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      size += piece.length;
      options.onBytes?.(piece.length);
      done(null, piece);
    },
  });
  const signal = options.signal ? { signal: options.signal } : {};
  const packed =
    member.packedSize === 0
      ? []
      : createReadStream(path, { start, end: start + member.packedSize - 1, highWaterMark: 2 ** 20 });
  if (member.deflated) await pipeline(packed, createInflateRaw({ chunkSize: 2 ** 20 }), check, to, signal);
  else await pipeline(packed, check, to, signal);
  if (size !== member.size) throw broken(path, `${member.name} has ${size} bytes, must have ${member.size}`);
  return hash.digest();
}

/** The local header has a name and an extra field of its own lengths. */
async function dataStart(path: string, { offset, name }: ZipMember): Promise<number> {
  const file = await open(path);
  try {
    const header = await readAt(file, offset, 30);
    if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) throw broken(path, `${name} is not where it must be`);
    return offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

const broken = (path: string, why: string) => new Error(`${path} is no whole archive: ${why}`);
