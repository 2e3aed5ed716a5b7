// Random bytes and damaged messages against the decoder: whatever comes, it gives a rightly signed message or throws a `WireError`.
// Seeded: `TENSORCELL_FUZZ_SEED=n` repeats a run, and a failure says which case of which seed it was.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { Wire, WireError } from '../../kernel/wire.ts';

const KEY = 'a-key';
const SEED = Number(process.env.TENSORCELL_FUZZ_SEED ?? 20_260_101);
/** Cases of each property; the three of them together are past 100,000. */
const CASES = 40_000;

/** Marsaglia's xorshift32: whole numbers below `limit`, the same for the same seed. */
function random(seed: number): (limit: number) => number {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

type Random = ReturnType<typeof random>;

const bytes = (length: number, next: Random) => Buffer.from(Array.from({ length }, () => next(256)));

function pick<T>(from: readonly T[], next: Random): T {
  return from[next(from.length)]!;
}

/** The signature that an honest client would make. */
function sign(parts: readonly Buffer[]): Buffer {
  const hmac = createHmac('sha256', KEY);
  for (const part of parts) hmac.update(part);
  return Buffer.from(hmac.digest('hex'));
}

const HEADERS = ['{"msg_id":"1","msg_type":"a"}', '{"msg_id":1,"msg_type":"a"}', '{"msg_type":null}', '{}'];
const JSONS = [
  '{}',
  '[]',
  'null',
  '1e999',
  '"x"',
  '',
  '{',
  '{"a":',
  '{"__proto__":{"a":1}}',
  '\ufeff{}',
  '{"\\ud800":1}',
];

/** A part of a message: JSON, nearly JSON, or noise. */
function part(next: Random): Buffer {
  switch (next(5)) {
    case 0:
      return Buffer.from(pick(HEADERS, next));
    case 1:
      return bytes(next(40), next);
    case 2:
      return Buffer.from('['.repeat(next(2000)));
    default:
      return Buffer.from(pick(JSONS, next));
  }
}

/** A message as the other end makes it, each one new. */
function valid(next: Random): Buffer[] {
  const content = { code: 'a'.repeat(next(60)), n: next(1000) };
  const identities = Array.from({ length: next(3) }, () => bytes(1 + next(5), next));
  const buffers = Array.from({ length: next(3) }, () => bytes(next(20), next));
  const frames = new Wire(KEY).encode({ identities, type: 'execute_request', content, buffers });
  return frames.map((frame) => Buffer.from(frame));
}

/** Whether the frames are signed, told without the code under test. */
function isSigned(frames: readonly Buffer[]): boolean {
  const at = frames.findIndex((frame) => frame.toString('latin1') === '<IDS|MSG>');
  const signature = frames[at + 1];
  return at >= 0 && signature !== undefined && signature.equals(sign(frames.slice(at + 2, at + 6)));
}

/** Decodes; true when a message came out. Anything but a `WireError` fails the test with the case's number. */
function decodes(wire: Wire, frames: readonly Buffer[], number: number): boolean {
  const where = `seed ${SEED}, case ${number}: ${frames.map((frame) => frame.toString('base64')).join(' ')}`;
  try {
    const { header, content, metadata, parent } = wire.decode(frames);
    assert.equal(typeof header.msg_id, 'string', where);
    assert.equal(typeof header.msg_type, 'string', where);
    for (const object of [content, metadata, parent]) {
      assert.ok(typeof object === 'object' && object !== null && !Array.isArray(object), where);
    }
    assert.ok(isSigned(frames), `took a wrong signature; ${where}`);
    return true;
  } catch (error) {
    if (!(error instanceof WireError)) throw new Error(`not a WireError: ${where}`, { cause: error });
    return false;
  }
}

test('random frames are refused with a WireError, whatever they hold', () => {
  const [next, wire] = [random(SEED), new Wire(KEY)];
  for (let number = 0; number < CASES; number++) {
    const frames = Array.from({ length: next(9) }, () => (next(4) === 0 ? Buffer.from('<IDS|MSG>') : part(next)));
    assert.equal(decodes(wire, frames, number), false, `seed ${SEED}, case ${number}`);
  }
});

test('frames that are rightly signed are taken only when each part is what it must be', () => {
  const [next, wire] = [random(SEED + 1), new Wire(KEY)];
  let taken = 0;
  for (let number = 0; number < CASES; number++) {
    const parts = [part(next), part(next), part(next), part(next)];
    if (decodes(wire, [Buffer.from('<IDS|MSG>'), sign(parts), ...parts], number)) taken++;
  }
  assert.ok(taken > 0, 'some of them are whole messages');
});

test('a message with a bit flipped, a frame lost, doubled or cut is never taken for another', () => {
  const [next, wire] = [random(SEED + 2), new Wire(KEY)];
  for (let number = 0; number < CASES; number++) {
    const frames = valid(next);
    const at = next(frames.length);
    const frame = frames[at]!;
    const damage = next(4);
    if (damage === 0 && frame.length > 0) {
      const changed = Buffer.from(frame);
      changed[next(changed.length)]! ^= 1 << next(8);
      frames[at] = changed;
    } else if (damage === 1) frames.splice(at, 1);
    else if (damage === 2) frames.splice(at, 0, frame);
    else frames[at] = frame.subarray(0, next(frame.length + 1));
    decodes(wire, frames, number);
  }
});
