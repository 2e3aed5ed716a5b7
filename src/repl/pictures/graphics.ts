// What a terminal can do with pictures: asked of it, and of tmux where that stands between. Answers come among the keys.
import type { Color } from './pixels.ts';

export type Protocol = 'kitty' | 'iterm2' | 'sixel' | 'blocks' | 'none';

/** How a terminal shows pictures. */
export interface Graphics {
  readonly protocol: Protocol;
  /** px of a character. */
  readonly cell: { readonly width: number; readonly height: number };
  /** The colour behind the text. */
  readonly ground: Color | undefined;
  /** Sequences for the terminal are to be wrapped, or tmux takes them for itself. */
  readonly tmux: boolean;
  /** What would have to be set for more, said with the first picture. */
  readonly hint?: string;
}

/** A terminal answers one question after another, and every one answers the last; one that does not is waited for so long, ms. */
const PATIENCE = 1000;
/** px of a character where the terminal does not say. */
const CELL = { width: 10, height: 20 };

const KITTY = '\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\';
const VERSION = '\u001b[>q';
const CELL_SIZE = '\u001b[16t';
const GROUND = '\u001b]11;?\u001b\\';
const ATTRIBUTES = '\u001b[c';

/** Terminals that know iTerm2's protocol, by what they call themselves. */
const ITERM2 = /^(?:iTerm2|WezTerm|mintty)/i;
/** Of those behind tmux only the name is known. */
const [BEHIND_KITTY, BEHIND_SIXEL] = [/^(?:kitty|ghostty)/i, /^(?:foot|contour|mlterm)/i];

/** What has been answered so far. */
interface Answers {
  kitty: boolean;
  name: string;
  sixel: boolean;
  cell: Graphics['cell'] | undefined;
  ground: Color | undefined;
}

export class Inquiry {
  readonly #write: (text: string) => void;
  readonly #env: NodeJS.ProcessEnv;
  readonly #answers: Answers = { kitty: false, name: '', sixel: false, cell: undefined, ground: undefined };
  #asked: Promise<Graphics> | undefined;
  #answered: () => void = () => undefined;

  constructor(write: (text: string) => void, env: NodeJS.ProcessEnv = process.env) {
    this.#write = write;
    this.#env = env;
  }

  /** Asks at the first call. Never rejects. */
  ask(): Promise<Graphics> {
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  /** Takes a report of the terminal. */
  take(report: string): void {
    const answers = this.#answers;
    const name = between(report, '\u001bP>|', '\u001b\\');
    if (name !== undefined) answers.name = name;
    if (/^_Gi=31;OK/.test(report.slice(1))) answers.kitty = true;
    const [, height, width] = /^\[6;(\d+);(\d+)t$/.exec(report.slice(1)) ?? [];
    if (Number(width) > 0 && Number(height) > 0) answers.cell = { width: Number(width), height: Number(height) };
    const [, red, green, blue] = /^\]11;rgba?:(\w+)\/(\w+)\/(\w+)/.exec(report.slice(1)) ?? [];
    if (red && green && blue) answers.ground = [red, green, blue].map(colorPart) as unknown as Color;
    const [, attributes] = /^\[\?([\d;]+)c$/.exec(report.slice(1)) ?? [];
    if (attributes === undefined) return;
    answers.sixel = attributes.split(';').slice(1).includes('4');
    this.#answered();
  }

  async #ask(): Promise<Graphics> {
    const { TMUX, TERM = '', TERM_PROGRAM = '' } = this.#env;
    const behind = TMUX ? askTmux(this.#env) : undefined;
    const answered = new Promise<void>((resolve) => {
      this.#answered = resolve;
      setTimeout(resolve, PATIENCE).unref();
    });
    // Those two would show the question.
    const bearsQuestion = TERM !== 'linux' && TERM_PROGRAM !== 'Apple_Terminal';
    this.#write(bearsQuestion ? KITTY + VERSION + CELL_SIZE + GROUND + ATTRIBUTES : ATTRIBUTES);
    await answered;
    const { kitty, name, sixel, cell = CELL, ground } = this.#answers;
    if (behind) return behindTmux(await behind, { cell, ground, sixel });
    const protocol = kitty ? 'kitty' : ITERM2.test(name) ? 'iterm2' : sixel ? 'sixel' : 'blocks';
    return { protocol, cell, ground, tmux: false };
  }
}

/** The terminal behind tmux. */
interface Behind {
  readonly name: string;
  readonly passes: boolean;
  readonly cell: Graphics['cell'] | undefined;
}

async function askTmux(env: NodeJS.ProcessEnv): Promise<Behind> {
  const { execFile } = await import('node:child_process');
  const format = '#{client_termtype}\t#{allow-passthrough}\t#{client_cell_width}\t#{client_cell_height}';
  const pane = env.TMUX_PANE ? ['-t', env.TMUX_PANE] : [];
  return new Promise((resolve) => {
    execFile('tmux', ['display-message', '-p', ...pane, format], { timeout: PATIENCE, env }, (error, text) => {
      const [name = '', passes = '', width, height] = error ? [] : text.replace(/\n$/, '').split('\t');
      const cell = Number(width) > 0 && Number(height) > 0 && { width: Number(width), height: Number(height) };
      resolve({ name, passes: /^(?:1|on|all)$/.test(passes), cell: cell || undefined });
    });
  });
}

function behindTmux(
  { name, passes, cell: said }: Behind,
  own: { readonly cell: Graphics['cell']; readonly ground: Color | undefined; readonly sixel: boolean },
): Graphics {
  const { ground } = own;
  const cell = said ?? own.cell;
  // A tmux that says so draws sixels itself.
  if (own.sixel) return { protocol: 'sixel', cell, ground, tmux: false };
  const knows = BEHIND_KITTY.test(name)
    ? 'kitty'
    : ITERM2.test(name)
      ? 'iterm2'
      : BEHIND_SIXEL.test(name)
        ? 'sixel'
        : undefined;
  if (knows && passes) return { protocol: knows, cell, ground, tmux: true };
  const hint = knows && 'tmux keeps pictures from the terminal; `tmux set -g allow-passthrough on` lets them through';
  return { protocol: 'blocks', cell, ground, tmux: false, ...(hint && { hint }) };
}

function between(text: string, start: string, end: string): string | undefined {
  return text.startsWith(start) && text.endsWith(end) ? text.slice(start.length, -end.length) : undefined;
}

/** `ff`, `ffff`, … of 1 to 4 digits, as 0 to 255. */
function colorPart(digits: string): number {
  return Math.round((Number.parseInt(digits, 16) / (16 ** digits.length - 1)) * 255);
}
