// `tensorcell` in a terminal: cells typed at a prompt run in a session, as in a notebook; piped input runs as cells.
import { basename } from 'node:path';
import { HistoryStore, historyFile } from '../history/store.ts';
import type { Front } from './commands.ts';
import { readConfig } from './config.ts';
import type { Editor } from './editor.ts';
import { isLongerThan } from './fold.ts';
import type { InputEvent } from './keys.ts';
import type { Pager } from './pager.ts';
import { Pictures } from './pictures/pictures.ts';
import { PlainPrinter } from './plain-printer.ts';
import { TerminalPrinter } from './printer.ts';
import { Question } from './question.ts';
import { Recall } from './recall.ts';
import { Runner, type RunnerOptions, type ServedSession } from './runner.ts';
import { Screen } from './screen.ts';
import { Terminal } from './terminal.ts';
import { harmless } from './terminal-text.ts';
import { STYLES } from './theme.ts';

/** Cells of earlier sessions that can be recalled. */
const RECALLED = 5000;

const log = (line: string) => void (process.env.TENSORCELL_LOG && process.stderr.write(`tensorcell: ${line}\n`));

/** What the command line hands to a terminal. */
export interface ReplOptions {
  readonly version: string;
  /** Plain lines where a terminal could do more. */
  readonly plain: boolean;
  /** A running kernel, in the place of a session of its own. */
  readonly joined?: JoinedSession | undefined;
  writeNotebook: Front['writeNotebook'];
}

/** A running kernel. */
export interface JoinedSession {
  /** What the person knows it by. */
  readonly file: string;
  /** Cells that it has run. */
  readonly count: number;
  /** Settles when it has ended, with how. */
  readonly died: Promise<Error>;
  connect(
    events: Parameters<NonNullable<RunnerOptions['connect']>>[0] & { counted?(count: number): void },
  ): ServedSession;
}

/** Runs the terminal to its end. Returns the exit code: of piped input 1 when a cell failed. */
export async function repl(options: ReplOptions): Promise<number> {
  if (process.stdin.isTTY === true && process.stdout.isTTY === true && !options.plain && canEdit(process.env.TERM))
    return typed(options);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(outputGone(error));
    process.exit(1);
  });
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) return piped(options);
  return (await import('./simple.ts')).simple(options, log);
}

/** Whether a terminal moves its cursor when told to. */
function canEdit(term: string | undefined): boolean {
  return term !== undefined && term !== '' && !/^(?:dumb|unknown|emacs|cons25)$/.test(term);
}

/** Nobody can read what is written: one line, and the end. */
function outputGone(error: NodeJS.ErrnoException): string {
  return `tensorcell: the output is closed (${error.code ?? error.message})\n`;
}

function typed({ version, joined, writeNotebook }: ReplOptions): Promise<number> {
  return new Promise((resolve) => {
    const { config, problems } = readConfig();
    const screen = new Screen(process.stdout);
    const pictures = new Pictures({
      wanted: config.pictures,
      write: (text) => void process.stdout.write(text),
      // A line of text stays above, the prompt below; a row that is full to its last column is broken by some terminals.
      room: () => ({ columns: screen.columns - 1, rows: Math.max(1, screen.rows - 3) }),
    });
    const printer = new TerminalPrinter({
      screen,
      picture: (display) => pictures.draw(display),
      cuts: config.pager === 'on',
    });
    const recall = new Recall();
    let editor: Editor | undefined;
    let commands: typeof import('./commands.ts') | undefined;
    /** What has the keys in the editor's place. */
    let question: Question | undefined;
    let pager: Pager | undefined;
    /** Keys that came before the editor was there. */
    let early: InputEvent[] = [];
    /** Something was typed since the last cell was handed in: no pager opens over it. */
    let typedAhead = false;
    const runner = new Runner({
      printer,
      async ask(request) {
        await printer.end();
        question = new Question(screen, request);
        try {
          return await question.answer;
        } catch (error) {
          runner.interrupt();
          throw error;
        } finally {
          question = undefined;
          editor?.render();
        }
      },
      connect: joined && ((events) => joined.connect({ ...events, counted })),
      startup: true,
      log,
    });
    runner.count = joined?.count ?? 0;
    // What a kernel runs is in its own history.
    const history = new HistoryStore(historyFile(), (line) => screen.print(line));
    const prompt = () => `In [${runner.count + 1}]: `;
    const greeting = joined
      ? `joined ${basename(joined.file)} · Ctrl-D leaves it running`
      : 'TypeScript, tf without an import · %help, Ctrl-D leaves';
    screen.print(`Tensorcell ${version} · ${greeting}`);
    screen.print(problems.join('\n'));
    // What can be drawn without the editor, which is a moment behind.
    screen.setFrame({
      rows: [`\u001b[${STYLES.prompt}m${prompt()}\u001b[m`],
      cursor: { row: 0, column: prompt().length },
    });
    let left = false;
    const leave = async (code = 0) => {
      if (left) return;
      left = true;
      terminal[Symbol.dispose]();
      screen[Symbol.dispose]();
      await Promise.all([runner.close(), history.close()]);
      resolve(code);
    };
    void joined?.died.then((error) => {
      screen.print(error.message);
      return leave(1);
    });
    /** The terminal is gone. */
    const hangUp = async (error?: NodeJS.ErrnoException) => {
      if (left) return;
      left = true;
      if (error) process.stderr.write(outputGone(error));
      await Promise.all([runner.close(), history.close()]);
      // At an exit Node gives the terminal its modes back, and aborts when there is none.
      process.removeAllListeners('SIGHUP');
      process.kill(process.pid, 'SIGHUP');
    };
    process.stdout.on('error', (error) => void hangUp(error));
    // It may be the same terminal, and there is nobody else to tell.
    process.stderr.on('error', () => undefined);
    const terminal = new Terminal({
      input(events) {
        const keys = events.filter((event) => event.type !== 'report');
        for (const event of events) if (event.type === 'report') pictures.answer(event.text);
        const asksForPager = keys.some((event) => event.type === 'key' && event.name === 'f2');
        if (question) question.input(keys);
        else if (pager) pager.input(keys);
        else if (asksForPager && editor) void page(printer.whole);
        else {
          typedAhead ||= keys.length > 0;
          if (editor) editor.input(keys);
          else early = [...early, ...keys];
        }
      },
      resize() {
        screen.resized();
        (question ?? pager ?? editor)?.render();
      },
      gone: () => void hangUp(),
    });
    process.on('SIGINT', () => runner.interrupt());
    process.on('SIGTERM', () => void leave());
    process.on('SIGHUP', () => void hangUp());

    function counted(count: number): void {
      runner.count = Math.max(runner.count, count);
      editor?.render();
    }
    /** Shows a text on the terminal's other screen, until it is closed. */
    const page = async (text: string) => {
      if (text === '' || pager) return;
      const { Pager } = await import('./pager.ts');
      screen.hold();
      pager = new Pager(process.stdout, text.trimEnd());
      await pager.closed;
      pager = undefined;
      screen.release();
      editor?.render();
    };
    const front: Front = {
      transcript: runner.transcript,
      editor: config.editor,
      suggest: (text) => editor?.suggest(text),
      print: (text) => screen.print(text),
      async lend(work) {
        screen.hold();
        try {
          return await terminal.lend(work);
        } finally {
          screen.release();
          editor?.render();
        }
      },
      writeNotebook,
    };

    const submit = async (code: string) => {
      if (/^\s*(exit|quit)\s*;?\s*$/.test(code)) return leave();
      const about = /^\s*(?:(\?\??)\s*([\p{ID_Continue}$.%]+)|([\p{ID_Continue}$.%]+)\s*(\?\??))\s*$/u.exec(code);
      if (about) return document(about[2] ?? about[3]!, (about[1] ?? about[4])!.length === 2 ? 1 : 0);
      if (!joined) history.add(runner.count + 1, code);
      typedAhead = false;
      const command = commands?.findCommand(code);
      if (command) await command(front);
      else await run(code);
      editor?.render();
    };
    const run = async (code: string) => {
      const result = await runner.run(code);
      if (result.status === 'ok' && result.nextInput !== undefined) editor?.suggest(result.nextInput);
      if (printer.cut && !typedAhead && runner.waiting === 0 && !question) await page(printer.whole);
    };
    const document = async (name: string, detail: 0 | 1) => {
      const found = await runner.session.inspect(name, name.length, detail);
      const text = harmless(String(found?.data['text/plain'] ?? `Nothing is known of ${name}.`));
      if (config.pager === 'on' && isLongerThan(text, screen.rows - 2, screen.columns)) await page(text);
      else screen.print(text);
      editor?.render();
    };
    const start = async () => {
      const [{ Editor }, { completeness }, ownCommands] = await Promise.all([
        import('./editor.ts'),
        import('../session/rewrite/completeness.ts'),
        import('./commands.ts'),
      ]);
      commands = ownCommands;
      const older = history.read({ kind: 'tail', n: RECALLED });
      editor = new Editor({
        screen,
        recall,
        adviser: runner.session,
        completeness,
        prompt,
        busy: () => runner.waiting > 0,
        hidden: () => question !== undefined,
        submit: (code) => void submit(code),
        interrupt: () => runner.interrupt(),
        suspend() {
          screen.setFrame(undefined);
          terminal.suspend();
        },
        leave: () => void leave(),
      });
      process.on('SIGCONT', () => editor?.render());
      editor.input(early);
      recall.addOlder((await older).map(({ input }) => input));
      const { Highlighter } = await import('./highlight.ts');
      editor.highlighter = new Highlighter();
    };
    void start();
  });
}

async function piped({ joined }: ReplOptions): Promise<number> {
  const { splitScript } = await import('./script.ts');
  const connect = joined && ((events: Parameters<typeof joined.connect>[0]) => joined.connect(events));
  const runner = new Runner({ printer: new PlainPrinter(), ask: undefined, connect, log });
  process.on('SIGINT', () => runner.interrupt());
  try {
    let text = '';
    for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
    for (const { header, source } of splitScript(text)) {
      if (/\[(markdown|md|raw)\]/.test(header)) continue;
      const result = await runner.run(source);
      if (result.status === 'error') return 1;
    }
    return 0;
  } finally {
    await runner.close();
  }
}
