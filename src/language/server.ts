// One life of the TypeScript server: its process, the Language Server Protocol over its pipes. Knows no cells; starting another after a
// death is the workspace's business.
import { type ChildProcess, spawn } from 'node:child_process';

/** What a request is refused with when the server has ended before it answered. */
export class ServerGone extends Error {
  override readonly name = 'ServerGone';
}

/** What a request is refused with that the server answers with an error of its own. */
export class ServerRefused extends Error {
  override readonly name = 'ServerRefused';
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/**
 * Its heap grows with the types that cells use. Collecting at half of what lives: 106 MB in all after 100 plain cells (at the usual 100 per
 * cent 134), 157 with `tf` (195), at no cost that could be measured. A limit below what lives makes every check collect, which takes five
 * times the processor's time. It is Go's runtime that reads these.
 */
const MEMORY = { GOGC: '50', GOMEMLIMIT: '250MiB' };

/** Said to the server when it asks for the editor's settings. */
const SETTINGS = {
  suggest: { autoImports: false },
  preferences: { includeCompletionsForModuleExports: false },
  // It would have npm download `@types/…` of what a cell imports into a cache of the person's.
  tsserver: { automaticTypeAcquisition: { enabled: false } },
  disableAutomaticTypeAcquisition: true,
};

const CAPABILITIES = {
  workspace: { configuration: true },
  textDocument: {
    diagnostic: {},
    completion: { completionItem: { snippetSupport: false, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown'] },
    signatureHelp: {
      signatureInformation: {
        documentationFormat: ['markdown'],
        parameterInformation: { labelOffsetSupport: true },
        activeParameterSupport: true,
      },
    },
  },
};

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly since: number;
}

export class LanguageServer {
  /** Settles once the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #gone = false;
  #heard = 0;

  /** Starts the program; `folder` is an absolute path. */
  constructor(program: string, folder: string) {
    this.#child = spawn(program, ['--lsp', '--stdio'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ...MEMORY },
    });
    this.ended = new Promise((resolve) => {
      const end = () => {
        this.#end();
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
    // Writing to a server that has just died fails; its death is told by `ended`.
    this.#child.stdin!.on('error', () => undefined);
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How long it has owed an answer and said nothing, ms. */
  get silence(): number {
    const [oldest] = this.#waiting.values();
    return oldest ? Date.now() - Math.max(oldest.since, this.#heard) : 0;
  }

  /** The handshake; `root` is a `file:` URL. */
  async initialize(root: string): Promise<void> {
    await this.request('initialize', {
      processId: process.pid,
      rootUri: root,
      capabilities: CAPABILITIES,
      initializationOptions: { disablePushDiagnostics: true },
    });
    this.notify('initialized', {});
  }

  /** Rejects with {@link ServerGone} or {@link ServerRefused}. */
  request(method: string, params: unknown): Promise<unknown> {
    if (this.#gone) return Promise.reject(new ServerGone(`${method}: the TypeScript server has ended`));
    return new Promise((resolve, reject) => {
      const id = ++this.#asked;
      this.#waiting.set(id, { resolve, reject, since: Date.now() });
      this.#send({ id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    if (!this.#gone) this.#send({ method, params });
  }

  /** Ends it at once, also one that hangs. */
  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
    // Whatever else holds the other ends must not hold us.
    this.#child.stdin!.destroy();
    this.#child.stdout!.destroy();
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #take(chunk: Buffer): void {
    this.#heard = Date.now();
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let message = this.#next(); message; message = this.#next()) this.#receive(message);
  }

  /** The next whole message of what has come. */
  #next(): Message | undefined {
    const head = this.#chunks[0];
    if (!head) return undefined;
    const length = Number(/Content-Length: (\d+)/i.exec(head.toString('latin1', 0, 200))?.[1]);
    const start = head.indexOf('\r\n\r\n') + 4;
    // A header in pieces, or a body that is still to come: most messages are one chunk, so joining is rare.
    if (start < 4 || Number.isNaN(length)) return this.#join(head.length + 1);
    if (head.length < start + length) return this.#join(start + length);
    const rest = head.subarray(start + length);
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
    this.#bytes -= start + length;
    return JSON.parse(head.toString('utf8', start, start + length)) as Message;
  }

  #join(wanted: number): Message | undefined {
    if (this.#bytes < wanted) return undefined;
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#next();
  }

  #receive({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      if (id !== undefined) this.#send({ id, result: answerOf(method, params) });
      return;
    }
    const waiting = this.#waiting.get(id as number);
    this.#waiting.delete(id as number);
    if (error) waiting?.reject(new ServerRefused(error.message));
    else waiting?.resolve(result);
  }

  #end(): void {
    this.#gone = true;
    for (const { reject } of this.#waiting.values()) reject(new ServerGone('the TypeScript server has ended'));
    this.#waiting.clear();
  }
}

/** The server asks for settings, and to be told of changed files; the rest needs no answer either. */
function answerOf(method: string, params: unknown): unknown {
  if (method !== 'workspace/configuration') return null;
  return (params as { items: unknown[] }).items.map(() => SETTINGS);
}
