// A cell's outputs on a pipe, or a terminal that can do no more: streams go to their own descriptor, a display once, in its last state.
import type { CellOutput } from '../session/types.ts';
import { type Printer, textOf } from './printer.ts';

export class PlainPrinter implements Printer {
  readonly #live = new Map<string, string>();

  begin(): void {
    this.#live.clear();
  }

  output(output: CellOutput): void {
    switch (output.type) {
      case 'stream':
        process[output.name].write(output.text);
        return;
      case 'display':
      case 'update_display':
        if (output.displayId !== undefined) this.#live.set(output.displayId, textOf(output));
        else process.stdout.write(`${textOf(output)}\n`);
        return;
      case 'result':
        this.#flush();
        process.stdout.write(`${textOf(output)}\n`);
        return;
      case 'error':
        process.stderr.write(`${output.error.traceback.join('\n')}\n`);
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
    for (const text of this.#live.values()) process.stdout.write(`${text}\n`);
    this.#live.clear();
  }
}
