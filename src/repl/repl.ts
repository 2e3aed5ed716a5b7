// `tensorcell` in a terminal: cells typed at a prompt run in a session, as in a notebook; piped input runs as cells.
import { HistoryStore, historyFile } from '../history/store.ts';
import { readConfig } from './config.ts';
import type { Editor } from './editor.ts';
import type { InputEvent } from './keys.ts';
import { Pictures } from './pictures/pictures.ts';
import { PlainPrinter } from './plain-printer.ts';
import { TerminalPrinter } from './printer.ts';
import { Question } from './question.ts';
import { Recall } from './recall.ts';
import { Runner } from './runner.ts';
import { Screen } from './screen.ts';
import { Terminal } from './terminal.ts';
import { STYLES } from './theme.ts';

/** Cells of earlier sessions that can be recalled. */
const RECALLED = 5000;

const log = (line: string) => void (process.env.TENSORCELL_LOG && process.stderr.write(`tensorcell: ${line}\n`));

/** Runs the terminal to its end. Returns the exit code: of piped input 1 when a cell failed. */
export async function repl(version: string, plain: boolean): Promise<number> {
  if (process.stdin.isTTY === true && process.stdout.isTTY === true && !plain && canEdit(process.env.TERM))
    return typed(version);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(outputGone(error));
    process.exit(1);
  });
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) return piped();
  return (await import('./simple.ts')).simple(version, log);
}

/** Whether a terminal moves its cursor when told to. */
function canEdit(term: string | undefined): boolean {
  return term !== undefined && term !== '' && !/^(?:dumb|unknown|emacs|cons25)$/.test(term);
}

/** Nobody can read what is written: one line, and the end. */
function outputGone(error: NodeJS.ErrnoException): string {
  return `tensorcell: the output is closed (${error.code ?? error.message})\n`;
}

function typed(version: string): Promise<number> {
  return new Promise((resolve) => {
    const { config, problems } = readConfig();
    const screen = new Screen(process.stdout);
    const pictures = new Pictures({
      wanted: config.pictures,
      write: (text) => void process.stdout.write(text),
      // A line of text stays above, the prompt below; a row that is full to its last column is broken by some terminals.
      room: () => ({ columns: screen.columns - 1, rows: Math.max(1, screen.rows - 3) }),
    });
    const printer = new TerminalPrinter({ screen, picture: (display) => pictures.draw(display) });
    const recall = new Recall();
    let editor: Editor | undefined;
    let question: Question | undefined;
    /** Keys that came before the editor was there. */
    let early: InputEvent[] = [];
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
      log,
    });
    const history = new HistoryStore(historyFile(), (line) => screen.print(line));
    const prompt = () => `In [${runner.count + 1}]: `;
    screen.print(`Tensorcell ${version} · TypeScript, tf without an import · %help, Ctrl-D leaves`);
    screen.print(problems.join('\n'));
    // What can be drawn without the editor, which is a moment behind.
    screen.setFrame({
      rows: [`\u001b[${STYLES.prompt}m${prompt()}\u001b[m`],
      cursor: { row: 0, column: prompt().length },
    });
    let left = false;
    const leave = async () => {
      if (left) return;
      left = true;
      terminal[Symbol.dispose]();
      screen[Symbol.dispose]();
      await Promise.all([runner.close(), history.close()]);
      resolve(0);
    };
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
        for (const event of events) if (event.type === 'report') pictures.answer(event.text);
        if (question) question.input(events);
        else if (editor) editor.input(events);
        else early = [...early, ...events];
      },
      resize() {
        screen.resized();
        (question ?? editor)?.render();
      },
      gone: () => void hangUp(),
    });
    process.on('SIGINT', () => runner.interrupt());
    process.on('SIGTERM', () => void leave());
    process.on('SIGHUP', () => void hangUp());

    const submit = async (code: string) => {
      if (/^\s*(exit|quit)\s*;?\s*$/.test(code)) return leave();
      const about = /^\s*(?:(\?\??)\s*([\p{ID_Continue}$.%]+)|([\p{ID_Continue}$.%]+)\s*(\?\??))\s*$/u.exec(code);
      if (about) return document(about[2] ?? about[3]!, (about[1] ?? about[4])!.length === 2 ? 1 : 0);
      history.add(runner.count + 1, code);
      const result = await runner.run(code);
      if (result.status === 'ok' && result.nextInput !== undefined) editor?.suggest(result.nextInput);
      editor?.render();
    };
    const document = async (name: string, detail: 0 | 1) => {
      const found = await runner.session.inspect(name, name.length, detail);
      screen.print(String(found?.data['text/plain'] ?? `Nothing is known of ${name}.`));
      editor?.render();
    };
    const start = async () => {
      const [{ Editor }, { completeness }] = await Promise.all([
        import('./editor.ts'),
        import('../session/rewrite/completeness.ts'),
      ]);
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

async function piped(): Promise<number> {
  const { splitScript } = await import('./script.ts');
  const runner = new Runner({ printer: new PlainPrinter(), ask: undefined, log });
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
