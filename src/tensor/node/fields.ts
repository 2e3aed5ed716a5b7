// Reads messages in protobuf's binary form, the counterpart of protobuf.ts.

/** An integer (negative ones too), the bytes of a fixed number, or the content of a string or a message. */
export type Field = number | Buffer;

/** The fields of a message by their number, in their order. @throws RangeError for bytes that end too soon. */
export function fieldsOf(message: Buffer): Record<number, Field[]> {
  const fields: Record<number, Field[]> = {};
  let at = 0;
  const integer = (): number => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length)
      throw new RangeError(`a message must have ${at + length} bytes, got ${message.length}`);
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = integer();
    const kind = key & 7;
    const value = kind === 0 ? integer() : take(kind === 2 ? integer() : kind === 1 ? 8 : 4);
    const field = key >>> 3;
    if (fields[field]) fields[field].push(value);
    else fields[field] = [value];
  }
  return fields;
}
