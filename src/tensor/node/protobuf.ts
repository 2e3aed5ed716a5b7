// Messages in protobuf's binary form: fields are put one behind the other (https://protobuf.dev/programming-guides/encoding/).

/** One field, or several: a message is its fields joined. */
export const message = (...fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);

/** An integer that is not negative (int32, int64, enum, bool). */
export const integer = (field: number, value: number): Uint8Array =>
  message(varint(BigInt(field) << 3n), varint(BigInt(value)));

/** A string, bytes, or a message. */
export function bytes(field: number, value: string | Uint8Array): Uint8Array {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return message(varint((BigInt(field) << 3n) | 2n), varint(BigInt(content.length)), content);
}

export function double(field: number, value: number): Uint8Array {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return message(varint((BigInt(field) << 3n) | 1n), content);
}

export function float(field: number, value: number): Uint8Array {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return message(varint((BigInt(field) << 3n) | 5n), content);
}

/** Seven bits a byte, the lowest first; all but the last have the eighth set. */
function varint(value: bigint): Uint8Array {
  const groups: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 127n);
    if (rest < 128n) return Uint8Array.from([...groups, low]);
    groups.push(low | 128);
  }
}
