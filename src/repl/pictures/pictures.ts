// The pictures of displays, as a person's terminal shows them.
import type { Display } from '../../display/bundle.ts';
import type { Config } from '../config.ts';
import type { Depth } from './blocks.ts';
import type { Room } from './draw.ts';
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

/** A display that has a picture, as it is printed. */
export interface Drawn {
  /** What stands above the picture. */
  readonly text: string;
  /** What shows the picture (`Screen.printInSteps`); none where the text shows it better. */
  readonly steps: readonly string[];
}

/** Lines in braille are finer than half blocks. */
const BRAILLE = /[\u2801-\u28ff]/;

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

  /** A display with its picture. `undefined`: it has none. Never rejects. */
  draw(display: Display): Promise<Drawn> | undefined {
    if (this.#options.wanted === 'none') return undefined;
    const source = pictureOf(display);
    if (!source) return undefined;
    const text = display.data['text/plain'];
    return this.#graphics()
      .then(async (graphics) => {
        // Kitty's placeholders behind tmux are coloured characters, too.
        const isText = graphics.protocol === 'blocks' || (graphics.protocol === 'kitty' && graphics.tmux);
        if (isText && !this.#coloured) return { text, steps: [] };
        if (graphics.protocol === 'blocks' && !isBelowBlocks(text)) return { text, steps: [] };
        const { drawPicture } = await import('./draw.ts');
        const steps = await drawPicture(source, graphics, this.#options.room(), this.#depth);
        return { text: withoutDrawing(text), steps: this.#hint(graphics, steps) };
      })
      .catch((error: Error) => ({ text: `${text}\n(the picture can't be drawn: ${error.message})`, steps: [] }));
  }

  async #graphics(): Promise<Graphics> {
    const { wanted } = this.#options;
    const found = await this.#inquiry.ask();
    return wanted === 'auto' ? found : { ...found, protocol: wanted };
  }

  #hint({ hint }: Graphics, steps: string[]): string[] {
    if (hint === undefined || this.#hinted) return steps;
    this.#hinted = true;
    return [`${steps.join('')}\n\u001b[2m${hint}\u001b[22m`];
  }
}

/** Whether a text only stands for its picture, so that half blocks say more: one in brackets, or a line or two. */
function isBelowBlocks(text: string): boolean {
  return !BRAILLE.test(text) && (/^\[[^\]\n]*\]/.test(text) || text.split('\n').length <= 2);
}

/** A text whose chart in braille is left out, with the names of its axes: its first line, and what stands below. */
function withoutDrawing(text: string): string {
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => BRAILLE.test(line) || /^ *[└┤│]/.test(line));
  if (last < 0 || !BRAILLE.test(text)) return text;
  const below = lines.slice(last + 1);
  return [...lines.slice(0, 1), ...(/^ /.test(below[0] ?? '') ? below.slice(1) : below)].join('\n');
}
