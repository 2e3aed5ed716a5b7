// The server and the documents that it knows: started when first needed, started anew after a death or a hang, each text opened when
// something asks about it and closed when nothing can. Knows no kernel.
import { pathToFileURL } from 'node:url';
import { type CellIndex, type Draft, MODULE_PREFIX, type ModuleId, NAMES_MODULE } from './cell-index.ts';
import { FolderFiles } from './files.ts';
import { ASK_FILE, CHECK_FILE, type Project, projectStamp, readProject } from './project.ts';
import { LanguageServer, ServerGone } from './server.ts';

/** A place in a text, both counted from 0, `character` in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Why there is no answer: the server hangs, or dies at this question, or can't be started at all. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

export interface WorkspaceOptions {
  /** The notebook's folder, absolute. */
  readonly folder: string;
  readonly index: CellIndex;
  /** Absolute path of the server's program; throws where there is none. */
  readonly program: () => string;
  log(line: string): void;
}

/** A server that owes an answer for this time, ms, hangs and is ended; on a busy machine one may be slow. */
const HANG = 4_900;
/** The same for one that is still starting. */
const START_PATIENCE = 30_000;
/** What a cell has brought is read so long behind it, ms, unless another follows: that one asks for it anyway. */
const PAUSE = 40;
const ASK_TEXT = new RegExp(`^${ASK_FILE}\\.tsx?$`);

interface Live {
  readonly server: LanguageServer;
  readonly ready: Promise<void>;
  /** It has answered before, so silence is a hang and not a slow start. */
  proven: boolean;
  /** Texts by name, as the server has them. */
  readonly open: Map<string, { readonly text: string; version: number }>;
}

export class Workspace {
  readonly #options: WorkspaceOptions;
  readonly #root: string;
  #project: Project | undefined;
  #live: Live | undefined;
  #closed = false;
  #ahead: NodeJS.Timeout | undefined;
  /** A question has come since the last cell. */
  #asked = false;
  readonly #files: FolderFiles;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.#files = new FolderFiles(options.folder);
    this.#root = pathToFileURL(options.folder).href.replace(/\/?$/, '/');
  }

  /** Id of the present server's process. */
  get pid(): number | undefined {
    return this.#live?.server.pid;
  }

  /** What the server works by; read anew when tsconfig.json has changed. */
  get project(): Project {
    this.#project ??= readProject(this.#options.folder);
    return this.#project;
  }

  /** Gets the server up and its libraries read, so that the first cell need not wait for it. */
  async warm(): Promise<void> {
    const draft = this.#options.index.draft(EMPTY);
    await this.ask('check', draft, 'textDocument/diagnostic', {}, START_PATIENCE);
    this.readAhead();
  }

  /**
   * Asks a question about a cell. A server that dies at it is started again, once. Rejects with {@link Unanswered} after `patience`
   * ms or a second death; with `ServerRefused` when the server has no answer.
   */
  async ask(
    use: 'check' | 'ask',
    draft: Draft,
    method: string,
    extra: Readonly<Record<string, unknown>>,
    patience: number,
  ): Promise<unknown> {
    const deadline = Date.now() + patience;
    if (use === 'ask') this.#asked = true;
    else clearTimeout(this.#ahead);
    for (let attempt = 1; ; attempt++) {
      if (this.#closed) throw new Unanswered('the type checker was closed');
      const live = this.#start();
      try {
        await before(deadline, live.ready);
        const uri = this.#show(live, use === 'check' ? CHECK_FILE : ASK_FILE, draft);
        const answer = await before(deadline, live.server.request(method, { textDocument: { uri }, ...extra }));
        live.proven = true;
        return answer;
      } catch (error) {
        if (error instanceof ServerGone && attempt === 1) continue;
        if (error instanceof ServerGone) throw new Unanswered('the type checker ended twice', { cause: error });
        if (error instanceof Late) {
          if (live.server.silence > (live.proven ? HANG : START_PATIENCE)) this.#drop(live);
          throw new Unanswered(`the type checker took more than ${patience / 1000} s`);
        }
        throw error;
      }
    }
  }

  /** A request that follows from an answer, such as a completion's details. Rejects as a server does. */
  async follow(method: string, params: unknown, patience: number): Promise<unknown> {
    const live = this.#live;
    if (!live) throw new Unanswered('the type checker is not there');
    return before(Date.now() + patience, live.server.request(method, params));
  }

  /** Tells the server of files that came, changed or went; `file:` URLs. */
  filesChanged(changes: readonly { readonly uri: string; readonly type: 1 | 2 | 3 }[]): void {
    if (changes.length > 0) this.#live?.server.notify('workspace/didChangeWatchedFiles', { changes });
  }

  /** Behind a cell: closes the documents that no name leads to any more. */
  tidy(): void {
    const live = this.#live;
    if (!live) return;
    // As long as it leads to the names, each new module has them all read again: half of a check where cells follow one another.
    if (!this.#asked) {
      for (const name of live.open.keys()) if (ASK_TEXT.test(name)) this.#put(live, name, 'export {};');
    }
    this.#asked = false;
    for (const name of live.open.keys()) {
      const id = moduleOf(name);
      if (id !== undefined && !this.#options.index.module(id)) this.#close(live, name);
    }
  }

  /** Has the server read what the last cell has brought while nobody waits for it: most of a question's time otherwise. */
  readAhead(): void {
    clearTimeout(this.#ahead);
    this.#ahead = setTimeout(() => {
      const live = this.#live;
      if (!live?.proven) return;
      const draft = this.#options.index.draft(EMPTY);
      if (!this.#asked) this.#show(live, ASK_FILE, draft);
      this.#putNames(live);
      for (const file of [CHECK_FILE, ASK_FILE]) {
        const place = { textDocument: { uri: `${this.#root}${file}.ts` }, position: { line: 0, character: 0 } };
        // Who asks next is told what is wrong with the server.
        live.server.request('textDocument/hover', place).catch(() => undefined);
      }
    }, PAUSE);
    this.#ahead.unref();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#ahead);
    if (this.#live) this.#drop(this.#live);
  }

  #start(): Live {
    if (this.#live) return this.#live;
    const server = new LanguageServer(this.#options.program(), this.#options.folder);
    const live: Live = {
      server,
      proven: false,
      open: new Map(),
      ready: server.initialize(this.#root).then(() => {
        this.#project = undefined;
        for (const [name, text] of this.project.files) this.#put(live, name, text);
      }),
    };
    this.#live = live;
    // Who waits for it is told by the request; this is for a server that nobody has asked.
    live.ready.catch(() => this.#drop(live));
    void server.ended.then(() => {
      if (this.#live !== live) return;
      this.#live = undefined;
      this.#options.log('the type checker has ended; it is started again when it is needed');
    });
    return live;
  }

  #drop(live: Live): void {
    if (this.#live === live) this.#live = undefined;
    live.server[Symbol.dispose]();
  }

  /** Gives the server a cell's text and what it imports; returns the document's URL. */
  #show(live: Live, file: string, { names, question }: Draft): string {
    this.#refresh(live);
    if (/\b(?:import|require)\b/.test(names.plain)) this.filesChanged(this.#files.changes());
    const name = `${file}.${names.lang}`;
    // What imports comes first: a document that nothing imports yet would get a project of its own.
    this.#put(live, name, question);
    this.#putNames(live);
    this.#putImported(live, question);
    return this.#root + name;
  }

  /** The names of the cells, and the modules they come from. */
  #putNames(live: Live): void {
    const { index } = this.#options;
    if (!this.#put(live, `${NAMES_MODULE}.ts`, index.namesModule())) return;
    for (const [id, { lang, text }] of index.modules()) {
      this.#put(live, `${MODULE_PREFIX}${id}.${lang}`, text);
      this.#putImported(live, text);
    }
  }

  #putImported(live: Live, text: string): void {
    for (const one of this.project.onDemand) if (text.includes(one.specifier)) this.#put(live, one.name, one.text);
  }

  #refresh(live: Live): void {
    if (this.project.stamp === projectStamp(this.#options.folder)) return;
    this.#project = undefined;
    for (const [name, text] of this.project.files) this.#put(live, name, text);
  }

  /** Whether that was news. */
  #put(live: Live, name: string, text: string): boolean {
    const had = live.open.get(name);
    if (had?.text === text) return false;
    const uri = this.#root + name;
    const version = (had?.version ?? 0) + 1;
    live.open.set(name, { text, version });
    if (had) {
      live.server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    } else {
      const languageId = name.endsWith('.json') ? 'json' : name.endsWith('x') ? 'typescriptreact' : 'typescript';
      live.server.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
    }
    return true;
  }

  #close(live: Live, name: string): void {
    live.open.delete(name);
    live.server.notify('textDocument/didClose', { textDocument: { uri: this.#root + name } });
  }
}

const EMPTY = {
  lang: 'ts',
  plain: '',
  declares: new Map<never, never>(),
  mentions: new Set<never>(),
  exports: new Set<never>(),
  globals: new Set<never>(),
  augments: false,
  valid: true,
} as const;

class Late extends Error {}

/** The promise's result, unless the time comes first. */
function before<T>(deadline: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Late()), Math.max(0, deadline - Date.now()));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function moduleOf(name: string): ModuleId | undefined {
  const number = new RegExp(`^${MODULE_PREFIX}(\\d+)\\.tsx?$`).exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}
