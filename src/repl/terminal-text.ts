// Text as a terminal shows it: lines that overwrite themselves, escape sequences, widths, times.

/** What stays of lines that carriage returns and backspaces wrote over, as progress bars do. */
export function applyReturns(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  let result = text.replace(/\r+\n/g, '\n');
  // Each pass removes the characters that a backspace follows.
  for (let before = ''; before !== result; ) {
    before = result;
    result = result.replace(/[^\n\r\b][\b]/g, '');
  }
  return result
    .replace(/[\b]/g, '')
    .split('\n')
    .map((line) => line.split('\r').reduce((shown, next) => next + shown.slice(next.length)))
    .join('\n');
}

/** What data may do to a terminal: colours and links are left in, other sequences and control characters taken out. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) return text;
  return text.replace(obeyed, (found) => (allowed.test(found) ? found : ''));
}

/** Colours and other escape sequences taken out. */
export function stripAnsi(text: string): string {
  return text.replace(ansi, '');
}

/** Colours and other text styles taken out, links left in. */
export function stripColours(text: string): string {
  return text.replace(colours, '');
}

/** The first characters of a line that fit into `columns`; colours take no room, CJK and emoji two columns. */
export function fitLine(line: string, columns: number): string {
  let width = 0;
  let result = '';
  for (const [part] of line.matchAll(pieces)) {
    if (part.startsWith('\u001b')) {
      result += part;
      continue;
    }
    width += wide.test(part) ? 2 : /^\p{M}|^\u200d/u.test(part) ? 0 : 1;
    if (width > columns) return `${result}\u001b[0m`;
    result += part;
  }
  return result;
}

/** 0.3 s, 12.4 s, 3 min 20 s. */
export function formatTime(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const esc = '\u001b';
// CSI sequences (colours), and OSC ones (links, titles) up to BEL or ST.
const sequence = `${esc}\\[[0-?]*[ -/]*[@-~]|${esc}\\][^\u0007${esc}]*(?:\u0007|${esc}\\\\)`;
const colours = new RegExp(`${esc}\\[[\\d;:]*m`, 'g');
const ansi = new RegExp(sequence, 'g');
const obeyed = new RegExp(`${sequence}|${esc}[\\x20-\\x7e]?|[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]`, 'g');
const allowed = new RegExp(`^(?:${esc}\\[[\\d;:]*m|${esc}\\]8;[^]*)$`);
const pieces = new RegExp(`${sequence}|[\\s\\S]`, 'gu');
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u;
