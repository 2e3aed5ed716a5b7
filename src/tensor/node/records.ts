// TFRecord, the form of TensorFlow's files of records: length, its checksum, the record, its checksum.

/** CRC-32C (Castagnoli) of each byte. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** One record as it stands in the file. */
export function frame(record: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(record.length));
  head.writeUInt32LE(checksum(head.subarray(0, 8)), 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(checksum(record));
  return Buffer.concat([head, record, tail]);
}

/** A CRC-32C, masked: one that is taken over data with such checksums in it would not be good (tensorflow/core/lib/hash/crc32c.h). */
export function checksum(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!;
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
