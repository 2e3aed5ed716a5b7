// Reads cells from a terminal: lines until the parser says that they are whole.
import { createInterface } from 'node:readline';
import { completeness } from '../session/rewrite/completeness.ts';
import type { Completion } from '../session/types.ts';

export interface EditorOptions {
  /** Lines typed before, newest first; what is typed is added to it. */
  readonly history: string[];
  complete(code: string, cursor: number): Promise<Completion>;
}

/** Lines remembered. */
const HISTORY = 2000;

export class Editor {
  #options: EditorOptions;
  /** Whole lines that came behind the last cell's end, in a paste or typed while it ran, and the text behind them. */
  #ahead: string[] = [];
  #partial = '';

  constructor(options: EditorOptions) {
    this.#options = options;
  }

  /**
   * The text of the next cell; `undefined` when the person leaves (Ctrl-D). `prompt` stands before its first line, such as
   * `In [3]: `; further lines are set in under it. Ctrl-C begins the cell anew.
   */
  readCell(prompt: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      let lines: string[] = [];
      let done = false;
      const editor = createInterface({
        input: process.stdin,
        output: process.stdout,
        terminal: true,
        history: this.#options.history,
        historySize: HISTORY,
        removeHistoryDuplicates: true,
        completer: (line: string, answer: (error: null, found: [string[], string]) => void) => {
          const code = [...lines, line].join('\n');
          void this.#options.complete(code, code.length).then(({ items, start }) => {
            const typed = code.slice(start);
            const names = items.map(({ text }) => text);
            // Names in another case stand for help where there is no other; beside others they would hide the common beginning.
            const exact = names.filter((name) => name.startsWith(typed));
            answer(null, [exact.length > 0 ? exact : names, typed]);
          });
        },
      });
      const more = '...: '.padStart(prompt.length);
      const ask = () => {
        // https://no-color.org
        const plain = lines.length === 0 ? prompt : more;
        editor.setPrompt(process.env.NO_COLOR ? plain : `\u001b[32m${plain}\u001b[39m`);
        editor.prompt();
      };
      const left = () => {
        process.stdout.write('\n');
        resolve(undefined);
      };
      const take = (line: string) => {
        if (done) return void this.#ahead.push(line);
        lines.push(line);
        const code = lines.join('\n');
        if (completeness(code).status === 'incomplete') return ask();
        done = true;
        // The rest of a paste is on its way through the editor in this turn.
        setImmediate(() => {
          this.#partial = editor.line;
          editor.removeListener('close', left);
          editor.close();
          resolve(code);
        });
      };
      editor.on('history', (kept: string[]) => this.#options.history.splice(0, HISTORY, ...kept));
      editor.on('line', take);
      editor.on('SIGINT', () => {
        process.stdout.write('\n');
        lines = [];
        // What stands on the line is dropped with it.
        editor.write(null, { ctrl: true, name: 'e' });
        editor.write(null, { ctrl: true, name: 'u' });
        ask();
      });
      editor.on('close', left);
      ask();
      const waiting = this.#ahead.splice(0);
      const partial = this.#partial;
      this.#partial = '';
      for (const line of waiting) {
        if (!done) process.stdout.write(`${line}\n`);
        take(line);
      }
      if (partial !== '') {
        if (done) this.#partial = partial;
        else editor.write(partial);
      }
    });
  }
}
