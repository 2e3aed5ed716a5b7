// Jupyter's wire format: frames ⇄ message, signed with HMAC-SHA256. Pure bytes and values; sockets are elsewhere.
// Frames: identities…, `<IDS|MSG>`, signature, header, parent header, metadata, content, buffers… (messaging spec, "The wire protocol").
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { kindOf } from './kind.ts';
import { type Header, type Json, PROTOCOL_VERSION } from './messages.ts';

/** Bytes that are no message of this connection: logged and dropped by whoever reads a socket. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

export interface Message {
  /** ROUTER identities, or the topic on iopub. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  /** The header's own bytes: answers carry them as their parent header without encoding it again. */
  readonly headerFrame: Buffer;
  /** `{}` when the message answers none. */
  readonly parent: Partial<Header>;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Buffer[];
}

/** A message to send; what is left out is empty. */
export interface Outgoing {
  readonly identities?: readonly (Buffer | string)[];
  readonly type: string;
  /** A value, or its JSON in bytes. */
  readonly content: object | Buffer;
  /** The `headerFrame` of the message that caused this one. */
  readonly parent?: Buffer | undefined;
  readonly metadata?: object | undefined;
  readonly buffers?: readonly Buffer[] | undefined;
}

const DELIMITER = Buffer.from('<IDS|MSG>');
const EMPTY = Buffer.from('{}');
/** Signatures remembered against replays: about 6 MB when full, an hour of 18 messages a second. */
const REMEMBERED = 65_536;
/** A client that sends more frames than this before the delimiter sends no Jupyter message. */
const MOST_IDENTITIES = 32;

/** One end of a connection: signs what it encodes, and decodes what the holder of the same key signed, each message once. */
export class Wire {
  /** This end's session id: the `session` of every header it writes. */
  readonly session: string;
  readonly #key: string;
  readonly #username: string;
  readonly #seen = new Set<string>();
  #sent = 0;

  /** `key` is the connection file's; an empty key turns signing off, as the spec has it. */
  constructor(key: string, { session = randomUUID(), username = 'kernel' } = {}) {
    this.#key = key;
    this.session = session;
    this.#username = username;
  }

  /** A header with a fresh id. */
  header(type: string): Header {
    return {
      msg_id: `${this.session}_${process.pid}_${this.#sent++}`,
      msg_type: type,
      session: this.session,
      username: this.#username,
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
  }

  /** Message → frames. `header` is for a sender that must know the id it sends. */
  encode(message: Outgoing, header: Header = this.header(message.type)): (Buffer | string)[] {
    const signed = [
      Buffer.from(JSON.stringify(header)),
      message.parent ?? EMPTY,
      message.metadata === undefined ? EMPTY : Buffer.from(JSON.stringify(message.metadata)),
      Buffer.isBuffer(message.content) ? message.content : Buffer.from(JSON.stringify(message.content)),
    ];
    return [...(message.identities ?? []), DELIMITER, this.#sign(signed), ...signed, ...(message.buffers ?? [])];
  }

  /** Frames → message. Throws `WireError` for what is malformed, wrongly signed or seen before. */
  decode(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame, i) => i <= MOST_IDENTITIES && frame.equals(DELIMITER));
    if (at < 0) throw new WireError(`no delimiter in ${frames.length} frames`);
    const signature = frames[at + 1];
    const [headerFrame, parent, metadata, content] = frames.slice(at + 2, at + 6);
    if (!signature || !headerFrame || !parent || !metadata || !content)
      throw new WireError(`${frames.length - at - 1} frames after the delimiter, at least 5 needed`);
    this.#verify(signature, [headerFrame, parent, metadata, content]);
    return {
      identities: frames.slice(0, at),
      header: checkHeader(parseObject(headerFrame, 'header')),
      headerFrame,
      parent: parseObject(parent, 'parent header'),
      metadata: parseObject(metadata, 'metadata'),
      content: parseObject(content, 'content'),
      buffers: frames.slice(at + 6),
    };
  }

  #sign(frames: readonly Buffer[]): string {
    if (this.#key === '') return '';
    const hmac = createHmac('sha256', this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest('hex');
  }

  #verify(signature: Buffer, frames: readonly Buffer[]): void {
    if (this.#key === '') return;
    const right = this.#sign(frames);
    const expected = Buffer.from(right);
    // The length says nothing secret; `timingSafeEqual` needs equal ones.
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new WireError('wrong signature');
    if (this.#seen.has(right)) throw new WireError('a signature that was used before');
    this.#seen.add(right);
    if (this.#seen.size > REMEMBERED) for (const oldest of this.#seen) return void this.#seen.delete(oldest);
  }
}

function parseObject(frame: Buffer, part: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString());
  } catch (cause) {
    throw new WireError(`${part}: malformed JSON`, { cause });
  }
  // The value itself stays out of the words: deep enough, it can be read but not written.
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError(`${part}: must be an object, got ${kindOf(value)}`);
  return value as Json;
}

function checkHeader(header: Json): Header {
  for (const field of ['msg_id', 'msg_type'] as const)
    if (typeof header[field] !== 'string')
      throw new WireError(`header: ${field} must be a string, got ${typeof header[field]}`);
  return header as unknown as Header;
}
