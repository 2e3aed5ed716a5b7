// The prompt of a terminal that can do more than lines: joins the screen, the keys, the editor and the cells, and ends when the person leaves.
import { basename } from 'node:path';
import { HistoryStore, historyFile } from '../history/store.ts';
import type { InputRequest } from '../session/types.ts';
import type { Front } from './commands.ts';
import { readConfig } from './config.ts';
import type { Editor } from './editor.ts';
import { isLongerThan } from './fold.ts';
import type { InputEvent } from './keys.ts';
import type { Pager } from './pager.ts';
import { Pictures } from './pictures/pictures.ts';
import { TerminalPrinter } from './printer.ts';
import { Question } from './question.ts';
import { Recall } from './recall.ts';
import { log, outputGone, type ReplOptions } from './repl.ts';
import { Runner } from './runner.ts';
import { Screen } from './screen.ts';
import { Terminal } from './terminal.ts';
import { harmless } from './terminal-text.ts';
import { STYLES } from './theme.ts';

/** Cells of earlier sessions that can be recalled. */
const RECALLED = 5000;

export class Prompt {
  /** The exit code, once the person has left. */
  readonly left: Promise<number>;
  readonly #options: ReplOptions;
  readonly #config = readConfig();
  readonly #screen = new Screen(process.stdout);
  readonly #pictures: Pictures;
  readonly #printer: TerminalPrinter;
  readonly #runner: Runner;
  readonly #history: HistoryStore;
  readonly #terminal: Terminal;
  readonly #recall = new Recall();
  #editor: Editor | undefined;
  #findCommand: typeof import('./commands.ts').findCommand | undefined;
  /** What has the keys in the editor's place. */
  #question: Question | undefined;
  #pager: Pager | undefined;
  /** Keys that came before the editor was there. */
  #early: InputEvent[] = [];
  /** Something was typed since the last cell was handed in: no pager opens over it. */
  #typedAhead = false;
  #leaving = false;
  #leave: (code: number) => void = () => undefined;

  constructor(options: ReplOptions) {
    const { joined } = options;
    const screen = this.#screen;
    const { config } = this.#config;
    this.#options = options;
    this.left = new Promise((resolve) => {
      this.#leave = resolve;
    });
    this.#pictures = new Pictures({
      wanted: config.pictures,
      write: (text) => void process.stdout.write(text),
      // A line of text stays above, the prompt below; a row that is full to its last column is broken by some terminals.
      room: () => ({ columns: screen.columns - 1, rows: Math.max(1, screen.rows - 3) }),
    });
    this.#printer = new TerminalPrinter({
      screen,
      picture: (display) => this.#pictures.draw(display),
      cuts: config.pager === 'on',
    });
    this.#runner = new Runner({
      printer: this.#printer,
      ask: (request) => this.#ask(request),
      connect: joined && ((events) => joined.connect({ ...events, counted: (count) => this.#counted(count) })),
      startup: true,
      log,
    });
    this.#runner.count = joined?.count ?? 0;
    this.#history = new HistoryStore(historyFile(), (line) => screen.print(line));
    this.#greet();
    process.stdout.on('error', (error) => void this.#hangUp(error));
    // It may be the same terminal, and there is nobody else to tell.
    process.stderr.on('error', () => undefined);
    this.#terminal = new Terminal({
      input: (events) => this.#input(events),
      resize: () => {
        screen.resized();
        (this.#pager ?? this.#question ?? this.#editor)?.render();
      },
      gone: () => void this.#hangUp(),
    });
    process.on('SIGINT', () => this.#runner.interrupt());
    process.on('SIGTERM', () => void this.#end());
    process.on('SIGHUP', () => void this.#hangUp());
    void joined?.died.then((error) => {
      screen.print(error.message);
      return this.#end(1);
    });
    void this.#start();
  }

  /** The first rows, and a prompt, which stand before the editor is loaded. */
  #greet(): void {
    const { version, joined } = this.#options;
    const greeting = joined
      ? `joined ${basename(joined.file)} · Ctrl-D leaves it running`
      : 'TypeScript, tf without an import · %help, Ctrl-D leaves';
    this.#screen.print(`Tensorcell ${version} · ${greeting}`);
    this.#screen.print(this.#config.problems.join('\n'));
    const prompt = this.#title();
    this.#screen.setFrame({
      rows: [`\u001b[${STYLES.prompt}m${prompt}\u001b[m`],
      cursor: { row: 0, column: prompt.length },
    });
  }

  #title(): string {
    return `In [${this.#runner.count + 1}]: `;
  }

  /** What the first key needs, and then what those after it may wait for. */
  async #start(): Promise<void> {
    const [{ Editor }, { completeness }, { findCommand }] = await Promise.all([
      import('./editor.ts'),
      import('../session/rewrite/completeness.ts'),
      import('./commands.ts'),
    ]);
    const older = this.#history.read({ kind: 'tail', n: RECALLED });
    this.#findCommand = findCommand;
    const runner = this.#runner;
    const editor = new Editor({
      screen: this.#screen,
      recall: this.#recall,
      adviser: runner.session,
      completeness,
      prompt: () => this.#title(),
      busy: () => runner.waiting > 0,
      hidden: () => this.#question !== undefined,
      submit: (code) => void this.#submit(code),
      interrupt: () => runner.interrupt(),
      suspend: () => {
        this.#screen.setFrame(undefined);
        this.#terminal.suspend();
      },
      leave: () => void this.#end(),
    });
    this.#editor = editor;
    process.on('SIGCONT', () => editor.render());
    editor.input(this.#early);
    this.#recall.addOlder((await older).map(({ input }) => input));
    const { Highlighter } = await import('./highlight.ts');
    editor.highlighter = new Highlighter();
  }

  #input(events: readonly InputEvent[]): void {
    for (const event of events) if (event.type === 'report') this.#pictures.answer(event.text);
    const keys = events.filter((event) => event.type !== 'report');
    if (this.#pager) return this.#pager.input(keys);
    if (this.#question) return this.#question.input(keys);
    if (keys.some((event) => event.type === 'key' && event.name === 'f2')) return void this.#page(this.#printer.whole);
    this.#typedAhead ||= keys.length > 0;
    if (this.#editor) this.#editor.input(keys);
    else this.#early = [...this.#early, ...keys];
  }

  async #submit(code: string): Promise<void> {
    if (/^\s*(exit|quit)\s*;?\s*$/.test(code)) return this.#end();
    const about = /^\s*(?:(\?\??)\s*([\p{ID_Continue}$.%]+)|([\p{ID_Continue}$.%]+)\s*(\?\??))\s*$/u.exec(code);
    if (about) return this.#document(about[2] ?? about[3]!, (about[1] ?? about[4])!.length === 2 ? 1 : 0);
    // What a joined kernel runs is in its own history.
    if (!this.#options.joined) this.#history.add(this.#runner.count + 1, code);
    this.#typedAhead = false;
    const command = this.#findCommand?.(code);
    if (command) await command(this.#front());
    else await this.#run(code);
    this.#editor?.render();
  }

  async #run(code: string): Promise<void> {
    const result = await this.#runner.run(code);
    if (result.status === 'ok' && result.nextInput !== undefined) this.#editor?.suggest(result.nextInput);
    const isFree = !this.#typedAhead && this.#runner.waiting === 0 && !this.#question;
    if (this.#printer.cut && isFree) await this.#page(this.#printer.whole);
  }

  /** `?name`, and `??name` with its source. */
  async #document(name: string, detail: 0 | 1): Promise<void> {
    const found = await this.#runner.session.inspect(name, name.length, detail);
    const text = harmless(String(found?.data['text/plain'] ?? `Nothing is known of ${name}.`));
    const { rows, columns } = this.#screen;
    if (this.#config.config.pager === 'on' && isLongerThan(text, rows - 2, columns)) await this.#page(text);
    else this.#screen.print(text);
    this.#editor?.render();
  }

  /** Shows a text on the terminal's other screen, until it is closed. */
  async #page(text: string): Promise<void> {
    if (text === '' || this.#pager) return;
    const { Pager } = await import('./pager.ts');
    this.#screen.hold();
    this.#pager = new Pager(process.stdout, text.trimEnd());
    await this.#pager.closed;
    this.#pager = undefined;
    this.#screen.release();
    (this.#question ?? this.#editor)?.render();
  }

  async #ask(request: InputRequest): Promise<string> {
    await this.#printer.end();
    this.#question = new Question(this.#screen, request);
    try {
      return await this.#question.answer;
    } catch (error) {
      this.#runner.interrupt();
      throw error;
    } finally {
      this.#question = undefined;
      this.#editor?.render();
    }
  }

  #front(): Front {
    return {
      transcript: this.#runner.transcript,
      editor: this.#config.config.editor,
      suggest: (text) => this.#editor?.suggest(text),
      print: (text) => this.#screen.print(text),
      lend: async (work) => {
        this.#screen.hold();
        try {
          return await this.#terminal.lend(work);
        } finally {
          this.#screen.release();
          (this.#question ?? this.#editor)?.render();
        }
      },
      writeNotebook: this.#options.writeNotebook,
    };
  }

  /** Another client of a joined kernel has run the cell of that number. */
  #counted(count: number): void {
    this.#runner.count = Math.max(this.#runner.count, count);
    this.#editor?.render();
  }

  async #end(code = 0): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#terminal[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
    await this.#close();
    this.#leave(code);
  }

  /** The terminal is gone. */
  async #hangUp(error?: NodeJS.ErrnoException): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    if (error) process.stderr.write(outputGone(error));
    await this.#close();
    // At an exit Node gives the terminal its modes back, and aborts when there is none.
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }

  async #close(): Promise<void> {
    await Promise.all([this.#runner.close(), this.#history.close()]);
  }
}
