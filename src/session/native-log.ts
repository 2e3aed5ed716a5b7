// The log noise of native libraries on a session's descriptors 1 and 2, told from all else that is written there by the way its lines
// begin. Pure: text in, what a cell shows and what is noise out.

/** Characters of one line of noise that are kept. */
const LONGEST = 4000;

/** What a line of noise begins with, and any beginning of that. */
interface Form {
  readonly whole: string;
  readonly begun: string;
}

/** From its pieces, each a pattern of one character or of a bounded run of one kind, so that what is held back is bounded too. */
function form(...pieces: readonly string[]): Form {
  return { whole: pieces.join(''), begun: pieces.reduceRight((rest, piece) => `(?:$|${piece}${rest})`, '') };
}

const literal = (text: string) => [...text].map((character) => character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&'));
const digits = (count: number) => Array<string>(count).fill('\\d');
const PLACE = ['[^\\s:\\]]{1,200}', ':', '\\d{1,9}', '\\]'];

const FORMS: readonly Form[] = [
  // TensorFlow, XLA: `2026-01-01 00:00:00.000000: I tensorflow/core/x.cc:12] …`
  form(
    ...[...digits(4), '-', ...digits(2), '-', ...digits(2), ' ', ...digits(2), ':', ...digits(2), ':', ...digits(2)],
    ...['\\.', ...digits(6), ':', ' ', '[IWEF]', ' ', ...PLACE],
  ),
  // Abseil and glog, Dawn and CUDA's plugins with them: `I0000 00:00:1764000000.000000  1234 x.cc:12] …`
  form(
    ...['[IWEF]', ...digits(4), ' ', ...digits(2), ':', ...digits(2), ':', '\\d{1,12}', '\\.', '\\d{1,9}'],
    ...[' {1,12}', '\\d{1,12}', ' ', ...PLACE],
  ),
  form(...literal('WARNING: All log messages before absl::InitializeLog() ')),
  // The second line of TensorFlow's word on the processor.
  form(...literal('To enable the following instructions: ')),
];

const WHOLE = `(?:${FORMS.map(({ whole }) => whole).join('|')})`;
const LINES = new RegExp(`(?<![^\\n])${WHOLE}[^\\n]*\\n`, 'g');
const IS_NOISE = new RegExp(`^${WHOLE}`);
const MAY_BE_NOISE = new RegExp(`^(?:${FORMS.map(({ begun }) => begun).join('|')})`);

/** Parts one descriptor's text. An incomplete line waits only while it is noise or may still turn out to be. */
export class NativeLog {
  #show: (text: string) => void;
  #noise: (line: string) => void;
  #held = '';
  #withinLine = false;

  constructor(on: { show(text: string): void; noise(line: string): void }) {
    this.#show = on.show;
    this.#noise = on.noise;
  }

  push(text: string): void {
    const all = this.#held + text;
    const start = this.#withinLine ? all.indexOf('\n') + 1 : 0;
    if (this.#withinLine && start === 0) return this.#show(all);
    const end = all.lastIndexOf('\n') + 1;
    const last = all.slice(end);
    const waits = last !== '' && MAY_BE_NOISE.test(last);
    this.#held = waits ? last.slice(0, LONGEST) : '';
    this.#withinLine = last !== '' && !waits;
    const shown = all.slice(start, end).replace(LINES, (line) => {
      this.#noise(line.slice(0, Math.min(line.length - 1, LONGEST)).trimEnd());
      return '';
    });
    const whole = all.slice(0, start) + shown + (waits ? '' : last);
    if (whole !== '') this.#show(whole);
  }

  /** A border in the text, such as a cell's end: what may be a person's comes out, and a new line begins. */
  flush(): void {
    this.#withinLine = false;
    if (IS_NOISE.test(this.#held)) return;
    if (this.#held !== '') this.#show(this.#held);
    this.#held = '';
  }

  /** Nothing more comes: what waits comes out. */
  end(): void {
    this.flush();
    if (this.#held !== '') this.#noise(this.#held);
    this.#held = '';
  }
}
