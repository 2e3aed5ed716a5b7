// Our Jupyter client: starts a kernel or joins one, asks it things, follows its cells. Knows nothing of notebooks.
import { setTimeout as delay } from 'node:timers/promises';
import { type AskedChannel, Channels } from './client-channels.ts';
import { KernelProcess } from './client-process.ts';
import { type KernelSpec, ownKernel } from './client-specs.ts';
import {
  type ExecuteOptions,
  type Execution,
  KernelDiedError,
  KernelStartError,
  type Published,
  type StartOptions,
  type Waiting,
} from './client-types.ts';
import { type Connection, readConnection } from './connection.ts';
import type {
  Call,
  Calls,
  ExecuteReply,
  HistoryRequest,
  InputRequestContent,
  Json,
  KernelInfoContent,
  ReplyContent,
} from './messages.ts';
import type { Message } from './wire.ts';

/** A connection to a kernel. Dispose ends a kernel that it started, with its process and files, and leaves one that it joined. */
export class KernelClient implements AsyncDisposable {
  readonly #channels: Channels;
  readonly #process: KernelProcess | undefined;
  readonly #spec: KernelSpec | undefined;
  readonly #replies = new Map<string, Waiting>();
  readonly #idles = new Map<string, Waiting>();
  readonly #executions = new Map<string, ExecuteOptions>();
  readonly #listeners = new Set<(published: Published) => void>();
  #info: KernelInfoContent | undefined;
  #death: KernelDiedError | undefined;
  #announceDeath: (error: KernelDiedError) => void = () => {};
  /** Settles (never rejects) when the kernel has died or was shut down. */
  readonly died: Promise<KernelDiedError> = new Promise((resolve) => {
    this.#announceDeath = resolve;
  });

  private constructor(connection: Connection, owned?: { process: KernelProcess; spec: KernelSpec }) {
    this.#process = owned?.process;
    this.#spec = owned?.spec;
    this.#channels = new Channels(connection, {
      message: (channel, message) => this.#receive(channel, message),
      disconnect: () => this.#process ?? this.#die('the kernel closed the connection'),
      malformed: (error) => process.emitWarning(`a message from the kernel was dropped: ${error.message}`),
    });
    this.#process?.ended.then((how) => this.#die(`the kernel ${how}`));
  }

  /**
   * Starts a kernel and waits until it answers and its iopub is heard.
   * @throws {KernelDiedError} It ended before that.
   * @throws {KernelStartError} It did not answer in time.
   */
  static async start(options: StartOptions = {}): Promise<KernelClient> {
    const spec = options.spec ?? ownKernel();
    const launched = await KernelProcess.launch(spec, options);
    const client = new KernelClient(launched.connection, { process: launched.process, spec });
    await client.#becomeReady(options.startTimeout ?? 60_000, options.signal);
    return client;
  }

  /**
   * Joins a running kernel, by its connection file or what that file says.
   * @param timeout Longest wait in ms until it answers. Default 10,000.
   * @throws {ConnectionError} The connection file can't be used.
   * @throws {KernelStartError} Nothing answers there.
   */
  static async connect(connection: Connection | string, timeout = 10_000): Promise<KernelClient> {
    const client = new KernelClient(typeof connection === 'string' ? readConnection(connection) : connection);
    await client.#becomeReady(timeout);
    return client;
  }

  /** What the kernel said of itself when it was ready. */
  get info(): KernelInfoContent {
    return this.#info!;
  }

  /** The process id of a kernel that this client started. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The last 4,000 characters that a started kernel wrote to its own stdout and stderr. */
  get log(): string {
    return this.#process?.tail ?? '';
  }

  /** Runs a cell. */
  execute(code: string, options: ExecuteOptions = {}): Execution {
    const silent = options.silent ?? false;
    const header = this.#channels.wire.header('execute_request');
    const id = header.msg_id;
    const content: Calls['execute']['request'] = {
      code,
      silent,
      store_history: options.storeHistory ?? !silent,
      user_expressions: options.userExpressions ?? {},
      allow_stdin: options.onInput !== undefined,
      stop_on_error: options.stopOnError ?? true,
    };
    this.#executions.set(id, options);
    const both = [this.#wait(this.#replies, id), this.#wait(this.#idles, id)] as const;
    if (!this.#death) this.#channels.send('shell', { type: 'execute_request', content }, header);
    const done = Promise.all(both)
      .then(([reply]) => reply as unknown as ExecuteReply)
      .finally(() => this.#executions.delete(id));
    // A cell that nobody waits for must not end the process when its kernel dies.
    done.catch(() => {});
    return { id, done };
  }

  /** Runs a cell and gathers what it published up to its `idle`. */
  async run(code: string, options: ExecuteOptions = {}): Promise<{ reply: ExecuteReply; published: Published[] }> {
    const published: Published[] = [];
    const onPublished = (message: Published) => {
      published.push(message);
      options.onPublished?.(message);
    };
    return { reply: await this.execute(code, { ...options, onPublished }).done, published };
  }

  /** Sends any request and waits for its reply. Rejects with `KernelDiedError` when the kernel ends first. */
  request<C extends Call>(
    call: C,
    content: Calls[C]['request'],
    channel: 'shell' | 'control' = 'shell',
  ): Promise<ReplyContent<C>> {
    const header = this.#channels.wire.header(`${call}_request`);
    const reply = this.#wait(this.#replies, header.msg_id);
    if (!this.#death) this.#channels.send(channel, { type: `${call}_request`, content }, header);
    // The reply's type follows from the request's; its fields are the kernel's word.
    return reply as Promise<unknown> as Promise<ReplyContent<C>>;
  }

  /** Sends a message that has no reply (`comm_open`, …) and returns its id. */
  send(channel: AskedChannel, type: string, content: object): string {
    return this.#channels.send(channel, { type, content });
  }

  /** `cursor` is in code points, as the protocol has it; default: the end of the code. */
  complete(code: string, cursor = [...code].length): Promise<ReplyContent<'complete'>> {
    return this.request('complete', { code, cursor_pos: cursor });
  }

  /** `cursor` is in code points; default: the end of the code. */
  inspect(code: string, cursor = [...code].length, detail: 0 | 1 = 0): Promise<ReplyContent<'inspect'>> {
    return this.request('inspect', { code, cursor_pos: cursor, detail_level: detail });
  }

  isComplete(code: string): Promise<ReplyContent<'is_complete'>> {
    return this.request('is_complete', { code });
  }

  history(content: HistoryRequest): Promise<ReplyContent<'history'>> {
    return this.request('history', content);
  }

  /** Calls `listener` with all that comes on iopub, also what other clients caused, until the result is disposed of. */
  subscribe(listener: (published: Published) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Stops the running cell, by message or by SIGINT as the kernelspec asks. */
  async interrupt(): Promise<void> {
    if (this.#spec?.interruptMode === 'signal') this.#process?.signal('SIGINT');
    else await this.request('interrupt', {}, 'control');
  }

  /** Whether the heartbeat echoes within `timeout` ms (default 1,000). */
  ping(timeout = 1000): Promise<boolean> {
    return this.#channels.ping(timeout);
  }

  /**
   * Asks the kernel to end, also one that was joined, and kills one that this client started if it has not after `grace` ms
   * (default 5,000). A kernel that is gone already is no error. The client is closed afterwards.
   */
  async shutdown(grace = 5000): Promise<void> {
    const timer = new AbortController();
    if (!this.#death) {
      const asked = this.request('shutdown', { restart: false }, 'control').catch((error: unknown) => error);
      const ended = this.#process ? this.#process.ended : asked;
      const late = delay(grace, undefined, { signal: timer.signal }).catch(() => 'no longer waited for');
      await Promise.race([ended, late]);
    }
    timer.abort();
    this.close();
    // Killed by now, where it had to be: wait until it has really gone.
    await this.#process?.ended;
  }

  /** Ends a started kernel politely; only closes the sockets to a joined one. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process) await this.shutdown();
    else this.close();
  }

  /** Ends a started kernel at once, without asking it; only closes the sockets to a joined one. */
  close(): void {
    this.#channels[Symbol.dispose]();
    this.#process?.[Symbol.dispose]();
    this.#die('the connection was closed');
  }

  async #becomeReady(timeout: number, signal?: AbortSignal): Promise<void> {
    const timer = new AbortController();
    const givenUp = AbortSignal.any(signal ? [signal, timer.signal] : [timer.signal]);
    try {
      const late = delay(timeout, undefined, { signal: givenUp }).then(
        () =>
          Promise.reject(
            new KernelStartError(`the kernel did not answer within ${timeout / 1000} s\n${this.log}`.trim()),
          ),
        () => Promise.reject(new KernelStartError('the start of the kernel was given up')),
      );
      await Promise.race([this.#hear(), late]);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      timer.abort();
    }
  }

  async #hear(): Promise<void> {
    let heard = false;
    using _ = this.subscribe(() => {
      heard = true;
    });
    for (;;) {
      const info = await this.request('kernel_info', {});
      if (info.status === 'error') throw new KernelStartError(`the kernel can't say what it is: ${info.evalue}`);
      this.#info = info;
      // A subscription travels on its own: until something came on iopub, output could still be lost. Kernels that greet
      // subscribers (`iopub_welcome`) are heard at once; others by the `status` of one of these requests.
      for (let waited = 0; waited < 100 && !heard; waited += 5) await delay(5);
      if (heard) return;
    }
  }

  #receive(channel: AskedChannel | 'iopub', message: Message): void {
    const parentId = message.parent.msg_id;
    if (channel === 'iopub') this.#publish(message, parentId);
    else if (channel === 'stdin') this.#answer(message, parentId);
    else if (parentId !== undefined) {
      this.#replies.get(parentId)?.resolve(message.content);
      this.#replies.delete(parentId);
    }
  }

  #publish(message: Message, parentId: string | undefined): void {
    const { msg_type: type } = message.header;
    const published = { type, content: message.content, parentId, message } as unknown as Published;
    for (const listener of this.#listeners) listener(published);
    if (parentId === undefined) return;
    this.#executions.get(parentId)?.onPublished?.(published);
    if (published.type !== 'status' || published.content.execution_state !== 'idle') return;
    this.#idles.get(parentId)?.resolve(message.content);
    this.#idles.delete(parentId);
  }

  #answer(message: Message, parentId: string | undefined): void {
    const onInput = this.#executions.get(parentId ?? '')?.onInput;
    if (message.header.msg_type !== 'input_request' || !onInput) return;
    const reply = { type: 'input_reply', parent: message.headerFrame };
    onInput(message.content as unknown as InputRequestContent).then(
      (value) => this.#channels.send('stdin', { ...reply, content: { value } }),
      () => undefined,
    );
  }

  #wait(table: Map<string, Waiting>, id: string): Promise<Json> {
    return new Promise((resolve, reject) => {
      if (this.#death) reject(this.#death);
      else table.set(id, { resolve, reject });
    });
  }

  #die(reason: string): void {
    if (this.#death) return;
    this.#death = new KernelDiedError(reason);
    this.#announceDeath(this.#death);
    for (const table of [this.#replies, this.#idles]) {
      for (const waiting of table.values()) waiting.reject(this.#death);
      table.clear();
    }
  }
}
