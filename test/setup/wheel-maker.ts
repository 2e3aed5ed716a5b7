// Makes small Python wheels to download and unpack.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

export interface WheelFile {
  readonly name: string;
  readonly text: string;
  readonly executable?: true;
  /** Another sum in RECORD than the file's. */
  readonly wrongSum?: true;
}

/** Writes `<name>-<version>-<tag>.whl` into a folder; returns its path and its SHA-256 in hexadecimal digits. */
export function makeWheel(
  folder: string,
  wheel: { name: string; version: string; tag: string; requires?: readonly string[]; files: readonly WheelFile[] },
): { path: string; sha256: string } {
  const { name, version, tag, requires = [], files } = wheel;
  const info = `${name}-${version}.dist-info`;
  const metadata = [`Metadata-Version: 2.1`, `Name: ${name}`, `Version: ${version}`, 'Provides-Extra: and-cuda'];
  metadata.push(...requires.map((line) => `Requires-Dist: ${line}`));
  const all: WheelFile[] = [
    ...files,
    { name: `${info}/METADATA`, text: `${metadata.join('\n')}\n` },
    { name: `${info}/WHEEL`, text: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: ${tag}\n` },
  ];
  const sum = ({ text, wrongSum }: WheelFile) =>
    createHash('sha256')
      .update(wrongSum ? `${text}!` : text)
      .digest('base64url');
  const record = all.map((file) => `${file.name},sha256=${sum(file)},${file.text.length}`).join('\n');
  const bytes = zip([...all, { name: `${info}/RECORD`, text: `${record}\n${info}/RECORD,,\n` }]);
  const path = join(folder, `${name}-${version}-${tag}.whl`);
  writeFileSync(path, bytes);
  return { path, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A zip archive of text files, deflated. */
export function zip(files: readonly WheelFile[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text, executable } of files) {
    const data = Buffer.from(text);
    const packed = deflateRawSync(data);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt16LE(8, 8);
    header.writeUInt32LE(crc32(data), 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(data.length, 22);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0x0314, 4);
    header.copy(entry, 6, 4, 28);
    entry.writeUInt32LE(((executable ? 0o100755 : 0o100644) << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    pieces.push(header, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, list, end]);
}
