// The end of the front's log, kept for `%log`.

/** Lines that are kept; a line of native noise has at most 4,000 characters. */
const LINES = 500;

export class RecentLog {
  #lines: string[] = [];
  #dropped = 0;

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length <= LINES) return;
    this.#lines.shift();
    this.#dropped++;
  }

  /** All that is kept, ready to print. */
  text(): string {
    if (this.#lines.length === 0) return 'The log is empty.\n';
    const dropped = this.#dropped > 0 ? [`(${this.#dropped} earlier lines are not kept)`] : [];
    return `${[...dropped, ...this.#lines].join('\n')}\n`;
  }
}
