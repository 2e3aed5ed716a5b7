// The client's end of a kernel's five sockets: frames in order out, messages by channel in. Knows no request and no answer.
import { curveKeyPair, Dealer, Request, Subscriber } from 'zeromq';
import { address, type Connection } from './connection.ts';
import type { Header } from './messages.ts';
import { type Message, type Outgoing, Wire, WireError } from './wire.ts';

/** The sockets a client both writes to and hears from. */
export type AskedChannel = 'shell' | 'control' | 'stdin';

export interface ChannelEvents {
  message(channel: AskedChannel | 'iopub', message: Message): void;
  /** A kernel that was there closed its sockets. */
  disconnect(): void;
  /** Bytes that are no message of this connection; they were dropped. */
  malformed(error: WireError): void;
}

/** Open sockets to a kernel, which may still be starting. Dispose closes them and drops what was not sent. */
export class Channels implements Disposable {
  readonly wire: Wire;
  readonly #sockets: Readonly<Record<AskedChannel, Dealer>>;
  readonly #iopub: Subscriber;
  readonly #connection: Connection;
  /** A zeromq socket takes one send at a time. */
  readonly #sending: Record<AskedChannel, Promise<void>> = {
    shell: Promise.resolve(),
    control: Promise.resolve(),
    stdin: Promise.resolve(),
  };
  #closed = false;

  constructor(connection: Connection, events: ChannelEvents) {
    this.#connection = connection;
    this.wire = new Wire(connection.key, { username: 'tensorcell' });
    // One identity on all three, by which a kernel finds the stdin socket of the client that asked on shell.
    // A kernel that is still starting is tried every 10 ms; no reader of ours may make it drop output (no high-water mark).
    const options = {
      ...secure(connection),
      linger: 0,
      reconnectInterval: 10,
      reconnectMaxInterval: 200,
      receiveHighWaterMark: 0,
    };
    const dealer = () => new Dealer({ ...options, routingId: this.wire.session, sendHighWaterMark: 0 });
    this.#sockets = { shell: dealer(), control: dealer(), stdin: dealer() };
    this.#iopub = new Subscriber(options);
    this.#iopub.subscribe();
    this.#sockets.shell.events.on('disconnect', () => events.disconnect());
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      this.#sockets[channel].connect(address(connection, channel));
      this.#listen(channel, this.#sockets[channel], events);
    }
    this.#iopub.connect(address(connection, 'iopub'));
    this.#listen('iopub', this.#iopub, events);
  }

  /** Sends a message and returns its id. What can't be sent because the sockets were closed is dropped. */
  send(channel: AskedChannel, message: Outgoing, header: Header = this.wire.header(message.type)): string {
    const frames = this.wire.encode(message, header);
    const socket = this.#sockets[channel];
    this.#sending[channel] = this.#sending[channel].then(async () => {
      if (!this.#closed) await socket.send(frames);
    });
    this.#sending[channel].catch((error: unknown) => {
      if (!this.#closed) throw error;
    });
    return header.msg_id;
  }

  /**
   * Asks the heartbeat socket for an echo.
   * @returns Whether the same bytes came back within `timeout` ms.
   */
  async ping(timeout: number): Promise<boolean> {
    const socket = new Request({
      ...secure(this.#connection),
      linger: 0,
      receiveTimeout: timeout,
      sendTimeout: timeout,
    });
    try {
      socket.connect(address(this.#connection, 'hb'));
      await socket.send('ping');
      const [echo] = await socket.receive();
      return echo?.toString() === 'ping';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      throw error;
    } finally {
      socket.close();
    }
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of [...Object.values(this.#sockets), this.#iopub]) socket.close();
  }

  async #listen(channel: AskedChannel | 'iopub', socket: Dealer | Subscriber, events: ChannelEvents): Promise<void> {
    // Ends when the socket is closed.
    for await (const frames of socket) {
      let message: Message;
      try {
        message = this.wire.decode(frames);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        events.malformed(error);
        continue;
      }
      events.message(channel, message);
    }
  }
}

function secure({ curve }: Connection): object {
  if (!curve) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curveServerKey: curve.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}
