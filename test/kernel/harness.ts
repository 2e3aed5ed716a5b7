// A client made of plain ZeroMQ sockets and a session that plays a script: what the kernel's tests talk to and through.
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dealer, Request, Subscriber } from 'zeromq';
import { address, CHANNELS, type Channel, type Connection } from '../../kernel/connection.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { type Message, Wire } from '../../kernel/wire.ts';
import { HistoryStore } from '../../src/history/store.ts';
import type { CellId, CellRequest, CellResult, CommMessage, Session, SessionEvents } from '../../src/session/types.ts';

/** An ipc connection in a fresh folder: no port can be taken by another test. */
export function freshConnection(): Connection {
  const ip = join(mkdtempSync(join(tmpdir(), 'tc-')), 'k');
  const ports = Object.fromEntries(CHANNELS.map((channel, i) => [channel, i + 1])) as Record<Channel, number>;
  return { transport: 'ipc', ip, ports, key: randomUUID() };
}

export type Received = Message & { readonly channel: 'shell' | 'control' | 'stdin' | 'iopub'; readonly type: string };

/** One client; keeps all that comes in `received`, in the order it came. */
export class TestClient {
  readonly wire: Wire;
  readonly shell = new Dealer({ linger: 0 });
  readonly control = new Dealer({ linger: 0 });
  readonly stdin = new Dealer({ linger: 0 });
  readonly hb = new Request({ linger: 0 });
  readonly iopub = new Subscriber({ linger: 0 });
  readonly received: Received[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(connection: Connection, { identity = randomUUID() as string, stdin = true } = {}) {
    this.wire = new Wire(connection.key, { username: 'test' });
    for (const socket of [this.shell, this.control, this.stdin]) socket.routingId = identity;
    if (connection.curve) {
      // As jupyter_client does: the kernel's key pair is the client's too.
      const { publicKey, secretKey } = connection.curve;
      for (const channel of CHANNELS) {
        this[channel].curvePublicKey = publicKey;
        this[channel].curveSecretKey = secretKey;
        this[channel].curveServerKey = publicKey;
      }
    }
    this.iopub.subscribe();
    for (const channel of CHANNELS) {
      if (channel === 'stdin' && !stdin) continue;
      this[channel].connect(address(connection, channel));
      if (channel !== 'hb') void this.#read(channel);
    }
  }

  async #read(channel: Received['channel']): Promise<void> {
    try {
      for await (const frames of this[channel]) {
        const message = this.wire.decode(frames);
        this.received.push({ ...message, channel, type: message.header.msg_type });
        for (const wake of this.#waiting) wake();
      }
    } catch (error) {
      // Closing a socket may fail a read that has begun.
      if (!this[channel].closed) throw error;
    }
  }

  /** Sends a message; returns its id. */
  async send(
    channel: 'shell' | 'control' | 'stdin',
    type: string,
    content: object = {},
    metadata = {},
  ): Promise<string> {
    const header = this.wire.header(type);
    await this[channel].send(this.wire.encode({ type, content, metadata }, header));
    return header.msg_id;
  }

  execute(code: string, options: object = {}): Promise<string> {
    return this.send('shell', 'execute_request', { code, ...options });
  }

  /** The first message that fits, waiting for it. */
  find(fits: (message: Received) => boolean, what = 'message'): Promise<Received> {
    const look = () => this.received.find(fits);
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`no ${what} came; the last were ${this.received.slice(-20).map(show).join(', ')}`));
      }, 15_000);
      const wake = () => {
        const found = look();
        if (!found) return;
        done();
        resolve(found);
      };
      this.#waiting.add(wake);
      wake();
    });
  }

  /** The reply to a message and, once its idle has come too, all that iopub brought for it. */
  async finish(id: string): Promise<{ reply: Received; iopub: Received[] }> {
    const of = (message: Received) => message.parent.msg_id === id;
    const reply = await this.find((m) => of(m) && (m.channel === 'shell' || m.channel === 'control'), 'reply');
    await this.find((m) => of(m) && m.content.execution_state === 'idle', 'idle');
    return { reply, iopub: this.received.filter((m) => of(m) && m.channel === 'iopub') };
  }

  async ask(channel: 'shell' | 'control', type: string, content: object = {}): Promise<Received> {
    return (await this.finish(await this.send(channel, type, content))).reply;
  }

  [Symbol.dispose](): void {
    for (const channel of CHANNELS) this[channel].close();
  }
}

/** A message in a word: `status:busy`, `stream`, `execute_reply`. */
export function show({ type, content }: Received): string {
  return type === 'status' ? `status:${content.execution_state}` : type;
}

/** Runs cells by a function of the test instead of a process. */
export class ScriptedSession implements Session {
  readonly requests: CellRequest[] = [];
  readonly events: SessionEvents;
  readonly #script: Script;
  #interrupt: () => void = () => {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(events: SessionEvents, script: Script) {
    this.events = events;
    this.#script = script;
  }

  execute(request: CellRequest): Promise<CellResult> {
    this.requests.push(request);
    const result = this.#last.then(() => {
      const interrupted = new Promise<void>((resolve) => {
        this.#interrupt = resolve;
      });
      return this.#script(request, this.events, interrupted);
    });
    this.#last = result;
    return result;
  }

  async complete(code: string, cursor: number) {
    return { items: [{ text: `${code}x`, kind: 'instance' }], start: Math.max(0, cursor - 1), end: cursor };
  }

  async inspect(code: string, cursor: number, detail: 0 | 1) {
    if (code === 'nothing') return undefined;
    return { data: { 'text/plain': `${code} ${cursor} ${detail}` }, metadata: {} };
  }

  /** Knows no target. */
  async comm(cell: CellId, { kind, id }: CommMessage) {
    if (kind === 'open') this.events.comm?.(cell, { kind: 'close', id, data: {}, metadata: {}, buffers: [] });
  }

  interrupt(): void {
    this.#interrupt();
  }

  async restart(): Promise<void> {}

  async close(): Promise<void> {}
}

/** What a cell does: `interrupted` settles when it is to stop. */
export type Script = (
  request: CellRequest,
  events: SessionEvents,
  interrupted: Promise<void>,
) => CellResult | Promise<CellResult>;

export const OK: CellResult = { status: 'ok', userExpressions: {} };
export const BOOM: CellResult = {
  status: 'error',
  error: { name: 'Error', message: 'boom', traceback: ['Error: boom'] },
};

export interface Rig extends AsyncDisposable {
  readonly kernel: Kernel;
  readonly client: TestClient;
  readonly session: ScriptedSession;
  readonly connection: Connection;
  readonly log: string[];
}

/** A kernel over real sockets with a scripted session, and a client that is subscribed. */
export async function startRig(script: Script = () => OK, connection = freshConnection()): Promise<Rig> {
  const log: string[] = [];
  let session: ScriptedSession | undefined;
  const kernel = await Kernel.start({
    connection,
    openSession: (events) => {
      session = new ScriptedSession(events, script);
      return session;
    },
    history: new HistoryStore(undefined, (line) => log.push(line)),
    completeness: (code) => (code.endsWith('{') ? { status: 'incomplete', indent: '  ' } : { status: 'complete' }),
    log: (line) => log.push(line),
  });
  const client = new TestClient(connection);
  await client.find((m) => m.type === 'iopub_welcome', 'welcome');
  return {
    kernel,
    client,
    session: session as unknown as ScriptedSession,
    connection,
    log,
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await kernel.close();
    },
  };
}
