// What a Python wheel holds, and its files unpacked: those that are wanted, each checked against the wheel's own list of sums (RECORD).
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { listZip, unzip, type ZipMember } from './zip.ts';

export interface UnpackOptions {
  /** Which files, by their path in the wheel. */
  readonly keep: (name: string) => boolean;
  /** Told of each piece of bytes that is on disk. */
  readonly onBytes?: (count: number) => void;
  readonly signal?: AbortSignal;
}

/** Unpacks the files that are to be kept and returns their paths in the wheel. Rejects when a sum is another or a path leads out. */
export async function unpackWheel(wheel: string, folder: string, options: UnpackOptions): Promise<string[]> {
  const members = await listZip(wheel);
  const sums = recordSums(await textOf(wheel, members, 'RECORD'));
  const kept = members.filter(({ name }) => !name.endsWith('/') && options.keep(name));
  for (const member of kept) {
    const { name, mode } = member;
    if (name.split(/[/\\]/).includes('..') || /^([/\\]|[A-Za-z]:)/.test(name))
      throw new Error(`${wheel}: ${name} leads out of its folder`);
    const path = join(folder, ...name.split('/'));
    await mkdir(dirname(path), { recursive: true });
    const to = createWriteStream(path, { mode: mode & 0o111 ? 0o755 : 0o644, highWaterMark: 2 ** 20 });
    const sum = (await unzip(wheel, member, to, options)).toString('base64url');
    const wanted = sums.get(name);
    if (sum !== wanted)
      throw new Error(`${wheel}: ${name} has the SHA-256 ${sum}, must have ${wanted ?? 'one in RECORD'}`);
  }
  return kept.map(({ name }) => name);
}

/** The metadata of a wheel: header lines as an e-mail has them. */
export async function wheelMetadata(wheel: string): Promise<string> {
  return textOf(wheel, await listZip(wheel), 'METADATA');
}

/** SHA-256 of a whole file, in hexadecimal digits. */
export async function fileSum(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}

async function textOf(wheel: string, members: readonly ZipMember[], name: string): Promise<string> {
  const member = members.find((each) => new RegExp(`^[^/]+\\.dist-info/${name}$`).test(each.name));
  if (!member) throw new Error(`${wheel} is no wheel: it has no ${name}`);
  const pieces: Buffer[] = [];
  const to = new Writable({
    write(piece: Buffer, _, done) {
      pieces.push(piece);
      done();
    },
  });
  await unzip(wheel, member, to);
  return Buffer.concat(pieces).toString('utf8');
}

/** Path → SHA-256 in base64url, of lines such as `tensorflow/a.so,sha256=…,123`. Paths with a comma are in quotes. */
function recordSums(record: string): Map<string, string> {
  const rows = record.matchAll(/^(?:"((?:[^"]|"")+)"|([^,\n]+)),sha256=([\w-]+),/gm);
  return new Map([...rows].map(([, quoted, plain, sum]) => [quoted?.replaceAll('""', '"') ?? plain!, sum!]));
}
