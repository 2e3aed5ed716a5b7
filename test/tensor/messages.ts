// Reads files of records and protobuf messages, for tests that look at what was written.

/** The records of a file, without a look at their checksums. */
export function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    records.push(file.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return records;
}

/** The fields of a message by number: integers, the bytes of fixed ones, the content of the others. */
export function fieldsOf(message: Buffer): Record<number, (number | Buffer)[]> {
  const fields: Record<number, (number | Buffer)[]> = {};
  let at = 0;
  const integer = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = integer();
    const kind = key & 7;
    const value = kind === 0 ? integer() : take(kind === 2 ? integer() : kind === 1 ? 8 : 4);
    fields[key >>> 3] = [...(fields[key >>> 3] ?? []), value];
  }
  return fields;
}
