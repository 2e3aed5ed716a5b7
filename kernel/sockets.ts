// The kernel's five ZeroMQ sockets: made, bound and closed together. What goes through them is known elsewhere.
// ZeroMQ stays on the main thread: a socket with a pending receive in a worker thread aborts the process when it exits.
import { createRequire } from 'node:module';
import type * as Zmq from 'zeromq';
import { address, CHANNELS, type Connection } from './connection.ts';

// `import` would first parse this CommonJS package for its exports: 6 of 14 ms at each start.
const { Router, XPublisher } = createRequire(import.meta.url)('zeromq') as typeof Zmq;

/** How long closing waits for what is on its way, ms. */
const LINGER = 1000;
/** Messages that ZeroMQ itself may hold for one slow subscriber; ours are held, and bounded, by the publisher. */
const IOPUB_HIGH_WATER = 100;

export interface Sockets {
  readonly shell: Zmq.Router;
  readonly control: Zmq.Router;
  readonly stdin: Zmq.Router;
  readonly hb: Zmq.Router;
  readonly iopub: Zmq.XPublisher;
}

/** Binds all five. Throws an `Error` of one line that names the address that can't be had. */
export async function bindSockets(connection: Connection): Promise<Sockets> {
  const secure = connection.curve && {
    curveServer: true,
    curvePublicKey: connection.curve.publicKey,
    curveSecretKey: connection.curve.secretKey,
  };
  // `sendTimeout` 0: a send is done or fails at once, so that answers made side by side never meet a busy socket.
  const common = { ...secure, linger: LINGER, sendTimeout: 0 };
  // `handover`: a client that comes back under its old identity takes its place. No high-water mark: a reply is never dropped.
  const router = { ...common, handover: true, sendHighWaterMark: 0 };
  const sockets: Sockets = {
    shell: new Router(router),
    control: new Router(router),
    // `mandatory`: a question that reaches nobody is an error of the cell, not a wait for ever.
    stdin: new Router({ ...router, mandatory: true }),
    hb: new Router(router),
    // `allSubs`: each subscriber is welcomed, not only the first.
    iopub: new XPublisher({ ...common, noDrop: true, verbosity: 'allSubs', sendHighWaterMark: IOPUB_HIGH_WATER }),
  };
  try {
    for (const channel of CHANNELS) {
      const at = address(connection, channel);
      await sockets[channel].bind(at).catch((cause: Error) => {
        throw new Error(`cannot listen on ${at}: ${cause.message}`, { cause });
      });
    }
  } catch (error) {
    closeSockets(sockets);
    throw error;
  }
  return sockets;
}

/** Closes all five; what was sent still leaves, for at most a second. */
export function closeSockets(sockets: Sockets): void {
  for (const channel of CHANNELS) sockets[channel].close();
}
