// One line that tells how far a long piece of work is: redrawn in a terminal, elsewhere a line for each stage.

export interface ProgressLine {
  /** What is done now, and how far it is, such as `downloading`, `12 of 274 MB`. */
  update(stage: string, detail?: string): void;
  /** Takes the line away and leaves `words`, if any, with the seconds since the beginning. */
  end(words?: string): void;
}

/** Begins a line on stdout. */
export function startProgress(): ProgressLine {
  const start = Date.now();
  const live = process.stdout.isTTY;
  let [stage, words] = ['', ''];
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const draw = () => process.stdout.write(`\r  ${words}, ${seconds()}\x1b[K`);
  const timer = live ? setInterval(draw, 500) : undefined;
  return {
    update(next, detail) {
      words = detail ? `${next}, ${detail}` : next;
      if (!live && next !== stage) console.log(`  ${next}`);
      stage = next;
    },
    end(last) {
      clearInterval(timer);
      if (live) process.stdout.write('\r\x1b[K');
      if (last) console.log(`  ${last} in ${seconds()}`);
    },
  };
}
