// The content of a `stream` message as JSON in bytes. Long text is most often plain, and then a third of the time.

/** Shorter text, in UTF-16 units, is not worth a look. */
const LONG = 1 << 14;
/** All but the characters that stand in JSON, in UTF-8 and in Latin-1 as they are. */
const NEEDS_CARE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

export function streamContent(name: 'stdout' | 'stderr', text: string): Buffer {
  if (text.length < LONG || NEEDS_CARE.test(text)) return Buffer.from(JSON.stringify({ name, text }));
  const head = `{"name":"${name}","text":"`;
  const tail = '"}';
  const bytes = Buffer.allocUnsafe(head.length + text.length + tail.length);
  bytes.write(head, 'latin1');
  bytes.write(text, head.length, 'latin1');
  bytes.write(tail, head.length + text.length, 'latin1');
  return bytes;
}
