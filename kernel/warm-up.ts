// Takes a message's way once, to nobody, while the session's process is still starting: the first line that a cell printed left 1 ms later
// without it. Has no effect but time.
import { encodeFrame, FrameReader } from '../src/session/frames.ts';
import type { SessionEvent } from '../src/session/messages.ts';
import { Publisher } from './publisher.ts';
import { Wire } from './wire.ts';

const NOWHERE = { send: async () => undefined, sendHighWaterMark: 0, noDrop: true };

/** Behind what clients ask at once, ms. */
const QUIET = 5;

/** Warms up once the event loop has turned for a while. */
export function warmUpSoon(): void {
  setTimeout(warmUp, QUIET).unref();
}

function warmUp(): void {
  const [mine, theirs] = [new Wire('key'), new Wire('key')];
  const content = { code: '1', silent: false, store_history: true, user_expressions: {}, allow_stdin: true };
  const frames = theirs.encode({ type: 'execute_request', content }).map((frame) => Buffer.from(frame as string));
  const { headerFrame } = mine.decode(frames);
  const publisher = new Publisher(NOWHERE, mine);
  publisher.publish('status', { execution_state: 'busy' }, headerFrame);
  publisher.publish('execute_input', { code: '1', execution_count: 1 }, headerFrame);
  const stream: SessionEvent = { type: 'stream', cell: 1, name: 'stdout' };
  for (const { payload } of new FrameReader<SessionEvent>().push(encodeFrame(stream, 'line\n')))
    publisher.publish('stream', { name: 'stdout', text: payload.toString() }, headerFrame);
}
