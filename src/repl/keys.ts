// What a terminal sends for keys, pastes and its own reports → events. Pure: knows no stream and no timer.

/**
 * A key is named as Emacs does: `a` is text, `C-a`, `M-b`, `left`, `C-left`, `S-tab`, `M-enter`. `more`: further input came with it, as in
 * a paste by a terminal that does not bracket pastes.
 */
export type InputEvent =
  | { readonly type: 'key'; readonly name: string; readonly more: boolean }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'paste'; readonly text: string }
  /** An answer of the terminal to a question, the whole sequence. */
  | { readonly type: 'report'; readonly text: string };

const ESC = '\u001b';
const PASTE_START = `${ESC}[200~`;
const PASTE_END = `${ESC}[201~`;

const CSI = /^\[([<=>?]?)([\d;:]*)[ -/]*([@-~])/;
// OSC, DCS, APC, PM: up to BEL or ST.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those end them
const STRING = /^[\]P_^]([^\u0007\u001b]*)(\u0007|\u001b\\)/;

const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  M: 'enter',
};

const NUMBERS: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** Keys that are one byte, by their code. */
const CONTROLS: Readonly<Record<number, string>> = {
  0: 'C-space',
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  27: 'escape',
  28: 'C-\\',
  29: 'C-]',
  30: 'C-^',
  31: 'C-_',
  127: 'backspace',
};

export class KeyDecoder {
  #rest = '';
  #paste: string | undefined;

  /** Whether an escape sequence has begun that may also be the Escape key: `flush` after a moment tells. */
  get waiting(): boolean {
    return this.#rest !== '';
  }

  /** The events of what has come; `flush`: nothing more comes for what has begun. */
  push(chunk: string, flush = false): InputEvent[] {
    const text = this.#rest + chunk;
    this.#rest = '';
    const events: InputEvent[] = [];
    let at = 0;
    while (at < text.length) {
      if (this.#paste !== undefined) {
        at = this.#readPaste(text, at, events);
        continue;
      }
      const found = decode(text, at, flush);
      if (found === undefined) {
        this.#rest = text.slice(at);
        break;
      }
      at = found.end;
      if (found.event === PASTE_START) this.#paste = '';
      else if (found.event) events.push(found.event);
    }
    return events;
  }

  #readPaste(text: string, at: number, events: InputEvent[]): number {
    const end = text.indexOf(PASTE_END, at);
    if (end >= 0) {
      events.push({ type: 'paste', text: pasted(this.#paste + text.slice(at, end)) });
      this.#paste = undefined;
      return end + PASTE_END.length;
    }
    // The end's own sequence may come in two pieces.
    const open = text.lastIndexOf(ESC);
    const keep = open >= at && PASTE_END.startsWith(text.slice(open)) ? open : text.length;
    this.#paste += text.slice(at, keep);
    this.#rest = text.slice(keep);
    return text.length;
  }
}

/** A text as it goes into a cell: line breaks as such, no other control characters. */
export function pasted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

interface Found {
  readonly end: number;
  readonly event?: InputEvent | typeof PASTE_START | undefined;
}

/** The event that begins at `at`; `undefined` when more must come. */
function decode(text: string, at: number, flush: boolean): Found | undefined {
  const code = text.charCodeAt(at);
  const key = (name: string, end: number): Found => ({ end, event: { type: 'key', name, more: end < text.length } });
  if (code === 0x1b) return decodeEscape(text, at, flush);
  if (code < 0x20 || code === 0x7f) {
    // A line break of two characters is one key.
    if (code === 13 && text.charCodeAt(at + 1) === 10) return key('enter', at + 2);
    return key(CONTROLS[code] ?? `C-${String.fromCharCode(code + 96)}`, at + 1);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text ends where a key begins
  const [run] = /^[^\u0000-\u001f\u007f]+/.exec(text.slice(at))!;
  return { end: at + run.length, event: { type: 'text', text: run.replace(/[\u0080-\u009f]/g, '') } };
}

function decodeEscape(text: string, at: number, flush: boolean): Found | undefined {
  const rest = text.slice(at + 1);
  const end = (length: number) => at + 1 + length;
  const key = (name: string | undefined, length: number): Found => ({
    end: end(length),
    ...(name !== undefined && { event: { type: 'key', name, more: end(length) < text.length } }),
  });
  if (rest === '') return flush ? key('escape', 0) : undefined;
  if (text.startsWith(PASTE_START, at)) return { end: at + PASTE_START.length, event: PASTE_START };
  const csi = CSI.exec(rest);
  if (csi) {
    const [whole, mark, parameters, final] = csi;
    if (
      mark !== '' ||
      final === 'c' ||
      final === 't' ||
      (final === 'R' && parameters!.includes(';') && !/^1;/.test(parameters!))
    )
      return { end: end(whole.length), event: { type: 'report', text: ESC + whole } };
    return key(csiKey(parameters!, final!), whole.length);
  }
  const ss3 = /^O([A-Za-z])/.exec(rest);
  if (ss3) return key(LETTERS[ss3[1]!], 2);
  const string = STRING.exec(rest);
  if (string) return { end: end(string[0].length), event: { type: 'report', text: ESC + string[0] } };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: BEL ends a string
  if (!flush && /^(?:\[[<=>?]?[\d;:]*[ -/]*|O|[\]P_^][^\u0007]{0,4096})$/.test(rest)) return undefined;
  if (rest.startsWith(ESC)) {
    // Alt with a key that has a sequence of its own; or Escape twice.
    const inner = decodeEscape(text, at + 1, flush);
    if (inner === undefined) return flush ? key('escape', 0) : undefined;
    if (typeof inner.event === 'object' && inner.event.type === 'key' && inner.event.name !== 'escape')
      return { ...inner, event: { ...inner.event, name: `M-${inner.event.name}` } };
    return key('escape', 0);
  }
  const first = String.fromCodePoint(rest.codePointAt(0)!);
  const code = first.charCodeAt(0);
  const control = code < 0x20 || code === 0x7f ? (CONTROLS[code] ?? `C-${String.fromCharCode(code + 96)}`) : first;
  return key(`M-${control}`, first.length);
}

function csiKey(parameters: string, final: string): string | undefined {
  const [first = 1, second = 1, third] = parameters.split(';').map((part) => Number.parseInt(part, 10) || 1);
  if (final === 'u') return named(first, second);
  if (final === 'Z') return 'S-tab';
  // xterm's modifyOtherKeys.
  if (final === '~' && first === 27 && third !== undefined) return named(third, second);
  const name = final === '~' ? NUMBERS[first] : LETTERS[final];
  return name === undefined ? undefined : modifiers(second) + name;
}

/** A character with modifiers, as Kitty's protocol tells them. */
function named(code: number, bits: number): string | undefined {
  const special = CONTROLS[code];
  if (code > 0xe000 && code < 0xf900) return undefined;
  const shifted = special ? modifiers(bits) : modifiers(bits).replace('S-', '');
  return shifted + (special ?? (code === 32 ? 'space' : String.fromCodePoint(code)));
}

function modifiers(bits: number): string {
  const set = bits - 1;
  return `${set & 4 ? 'C-' : ''}${set & 2 ? 'M-' : ''}${set & 1 ? 'S-' : ''}`;
}
