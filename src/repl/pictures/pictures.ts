// The pictures of displays, as a person's terminal shows them.
import type { Display } from '../../display/bundle.ts';
import type { Config } from '../config.ts';
import type { Depth } from './blocks.ts';
import { drawPicture, type Room } from './draw.ts';
import { type Graphics, Inquiry } from './graphics.ts';
import { pictureOf } from './source.ts';

export interface PicturesOptions {
  /** What the person has set. */
  readonly wanted: Config['pictures'];
  /** Sends the terminal a question. */
  write(text: string): void;
  /** The room that the terminal has now. */
  room(): Room;
  readonly env?: NodeJS.ProcessEnv;
}

export class Pictures {
  readonly #options: PicturesOptions;
  readonly #inquiry: Inquiry;
  readonly #depth: Depth;
  readonly #coloured: boolean;
  #hinted = false;

  constructor(options: PicturesOptions) {
    const { write, env = process.env } = options;
    this.#options = options;
    this.#inquiry = new Inquiry(write, env);
    this.#coloured = !env.NO_COLOR;
    const many = /^(?:truecolor|24bit)$/.test(env.COLORTERM ?? '') || /kitty|ghostty|direct/.test(env.TERM ?? '');
    this.#depth = many ? 'true' : '256';
  }

  /** Takes a report of the terminal. */
  answer(report: string): void {
    this.#inquiry.take(report);
  }

  /**
   * What shows the picture of a display, in steps (`Screen.printInSteps`); none when the terminal shows its text better. `undefined`:
   * it has no picture. Never rejects.
   */
  draw(display: Display): Promise<string[]> | undefined {
    if (this.#options.wanted === 'none') return undefined;
    const source = pictureOf(display);
    if (!source) return undefined;
    return this.#graphics()
      .then(async (graphics) => {
        if (graphics.protocol === 'blocks' && !this.#worthBlocks(display)) return [];
        const steps = await drawPicture(source, graphics, this.#options.room(), this.#depth);
        return this.#hint(graphics, steps);
      })
      .catch((error: Error) => [`(the picture can't be drawn: ${error.message})`]);
  }

  async #graphics(): Promise<Graphics> {
    const { wanted } = this.#options;
    const found = await this.#inquiry.ask();
    return wanted === 'auto' ? found : { ...found, protocol: wanted };
  }

  /** Lines in braille are finer than blocks. */
  #worthBlocks({ data }: Display): boolean {
    return this.#coloured && !/[\u2801-\u28ff]/.test(data['text/plain']);
  }

  #hint({ hint }: Graphics, steps: string[]): string[] {
    if (hint === undefined || this.#hinted) return steps;
    this.#hinted = true;
    return [`${steps.join('')}\n\u001b[2m${hint}\u001b[22m`];
  }
}
