// A cell's outputs on a pipe, or a terminal that can do no more: streams go to their own descriptor, a display once, in its last state. A pipe
// gets prints as they are, a terminal nothing that it would obey.
import type { CellOutput } from '../session/types.ts';
import { type Printer, textOf } from './printer.ts';
import { applyReturns, harmless, stripAnsi } from './terminal-text.ts';

export class PlainPrinter implements Printer {
  readonly #live = new Map<string, string>();

  begin(): void {
    this.#live.clear();
  }

  output(output: CellOutput): void {
    switch (output.type) {
      case 'stream': {
        const stream = process[output.name];
        stream.write(stream.isTTY ? plain(output.text) : output.text);
        return;
      }
      case 'display':
      case 'update_display':
        if (output.displayId !== undefined) this.#live.set(output.displayId, textOf(output));
        else print(textOf(output));
        return;
      case 'result':
        this.#flush();
        print(textOf(output));
        return;
      case 'error':
        process.stderr.write(`${plain(output.error.traceback.join('\n'))}\n`);
        return;
      case 'clear_output':
        this.#live.clear();
        return;
      default:
        output satisfies never;
    }
  }

  end(): void {
    this.#flush();
  }

  #flush(): void {
    for (const text of this.#live.values()) print(text);
    this.#live.clear();
  }
}

function print(text: string): void {
  process.stdout.write(`${plain(text)}\n`);
}

/** Without colours: who reads it aloud, or another program, has no use for them. */
function plain(text: string): string {
  return stripAnsi(harmless(applyReturns(text)));
}
