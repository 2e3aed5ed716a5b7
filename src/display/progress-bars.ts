// Bars of loops under way. Those that run at one time in a cell are lines of one display, which is redrawn at most ten times a second.
import { currentCell, type LiveDisplay, showLive } from '../session/outputs.ts';
import { asDisplay, type Display, escapeHtml } from './bundle.ts';
import { count, duration, shortNumber } from './numbers.ts';
import { begun, type CellEnding, ended, type Open } from './open.ts';
import type { ProgressOptions } from './progress.ts';

/** ms between two drawings. */
const interval = 100;
/** Lines of one display; more loops at one time are counted only. */
const mostLines = 8;

type Ending = 'done' | 'left' | 'failed' | 'interrupted';

/** One loop's progress. */
export class Bar implements Open {
  readonly label: string;
  readonly total: number | undefined;
  readonly unit: string;
  /** Items begun; the last is still being worked at until the next comes. */
  items = 0;
  /** Of earlier loops in this one's place: an inner loop that begins again. */
  readonly before: { readonly rounds: number; readonly items: number; readonly ms: number };
  ending: Ending | undefined;
  readonly begun: number = performance.now();
  until: number = this.begun;
  /** Items a second of late, and when it was last looked at. */
  #rate: number | undefined;
  #seen = { items: 0, at: this.begun };
  readonly #group: Group;

  constructor({ label = '', total, unit = '' }: ProgressOptions) {
    this.label = String(label);
    this.total = total;
    this.unit = String(unit);
    this.#group = groupOf(currentCell());
    this.before = this.#group.add(this);
    begun(this);
  }

  /** An item comes: all that is done for most of them. */
  step(): void {
    if (this.ending) this.#goOn();
    this.items++;
    const now = performance.now();
    if (now >= this.#group.next) this.#group.draw(now);
  }

  end(ending: Ending): void {
    if (this.ending) return;
    ended(this);
    this.ending = ending;
    this.until = performance.now();
    this.#group.settle();
  }

  cellEnds(ending: CellEnding): void {
    // A loop that the cell did not wait for goes on in the background.
    if (ending.status !== 'ok') this.end(ending.status === 'error' ? 'failed' : 'interrupted');
  }

  /** So does one whose cell failed. */
  #goOn(): void {
    this.ending = undefined;
    begun(this);
  }

  /** Items that are done. */
  get done(): number {
    return this.ending === 'done' ? this.items : Math.max(0, this.items - 1);
  }

  get fraction(): number | undefined {
    if (this.total === undefined) return undefined;
    return this.total === 0 ? 1 : Math.min(1, this.done / this.total);
  }

  get seconds(): number {
    return (this.until - this.begun) / 1000;
  }

  /** Items a second: of late while it runs, over all when it has ended. */
  get rate(): number | undefined {
    if (this.ending) return this.seconds > 0 ? this.done / this.seconds : undefined;
    return this.#rate;
  }

  get secondsLeft(): number | undefined {
    const { rate, total } = this;
    return rate && total !== undefined ? Math.max(0, total - this.done) / rate : undefined;
  }

  /** Takes the time; the rate follows what happens, in about a second. */
  look(now: number): void {
    if (this.ending) return;
    this.until = now;
    const seconds = (now - this.#seen.at) / 1000;
    const items = this.done - this.#seen.items;
    if (seconds < 0.02 || items <= 0) return;
    const weight = this.#rate === undefined ? 1 : 1 - Math.exp(-seconds);
    this.#rate = (1 - weight) * (this.#rate ?? 0) + (weight * items) / seconds;
    this.#seen = { items: this.done, at: now };
  }
}

/** Bars of one cell that run at one time: from the first one's begin until none runs. */
class Group {
  next = 0;
  readonly #bars: Bar[] = [];
  #shown: LiveDisplay | undefined;

  /** A bar more; one that has ended under the same label gives its place. */
  add(bar: Bar): Bar['before'] {
    const old = this.#bars.findIndex(({ label, ending }) => ending && label === bar.label);
    if (old < 0) {
      this.#bars.push(bar);
      return { rounds: 0, items: 0, ms: 0 };
    }
    const { before, done, seconds } = this.#bars[old]!;
    this.#bars[old] = bar;
    return { rounds: before.rounds + 1, items: before.items + done, ms: before.ms + seconds * 1000 };
  }

  /** Draws the present state. */
  draw(now: number): void {
    this.next = now + interval;
    for (const bar of this.#bars) bar.look(now);
    const display = barsDisplay(this.#bars);
    if (this.#shown) this.#shown.update(display);
    else this.#shown = showLive(display);
  }

  /** When the last one has ended, its state stays. */
  settle(): void {
    if (this.#bars.some(({ ending }) => !ending)) return;
    const display = barsDisplay(this.#bars);
    this.#shown ??= showLive(display);
    this.#shown.end(display);
    for (const [cell, group] of groups) if (group === this) groups.delete(cell);
  }
}

/** By cell. */
const groups = new Map<number, Group>();

function groupOf(cell: number): Group {
  const group = groups.get(cell) ?? new Group();
  groups.set(cell, group);
  return group;
}

function barsDisplay(bars: readonly Bar[]): Display {
  const shown = bars.slice(0, mostLines);
  const width = Math.max(...shown.map(({ label }) => label.length));
  const more = bars.length - shown.length;
  const lines = [...shown.map((bar) => barText(bar, Math.min(width, 24))), ...(more > 0 ? [`and ${more} more`] : [])];
  const rows = [...shown.map(barHtml), ...(more > 0 ? [`<tr><td>and ${more} more</td></tr>`] : [])];
  const style = 'border:none;border-collapse:collapse;font-variant-numeric:tabular-nums;margin:0';
  return asDisplay(lines.join('\n'), {
    'text/html': `<table style="${style}"><tbody>${rows.join('')}</tbody></table>`,
  });
}

/** `62/100 · 24.3/s · 3 s left`, and how it ended. */
function facts(bar: Bar): string[] {
  const { total, done, ending, rate, secondsLeft, before, unit } = bar;
  const name = unit ? ` ${unit}` : '';
  const amount = total === undefined ? `${count(done)}${name}` : `${count(done)}/${count(total)}${name}`;
  const time = duration((before.ms + (bar.until - bar.begun)) / 1000);
  const speed = rate === undefined ? [] : [rateText(rate, unit)];
  if (!ending) {
    const left = secondsLeft === undefined ? (total === undefined ? [time] : []) : [`${duration(secondsLeft)} left`];
    return [amount, ...speed, ...left];
  }
  const words = { done: 'in', left: 'left after', failed: 'failed after', interrupted: 'interrupted after' };
  if (before.rounds > 0 && ending === 'done') {
    const all = before.items + done;
    const seconds = before.ms / 1000 + bar.seconds;
    return [
      `${count(all)}${name} in ${before.rounds + 1} rounds, ${time}`,
      ...(seconds > 0 ? [rateText(all / seconds, unit)] : []),
    ];
  }
  return [ending === 'done' ? `${amount} in ${time}` : `${amount}, ${words[ending]} ${time}`, ...speed];
}

function rateText(rate: number, unit: string): string {
  if (rate < 1 && rate > 0) return `${duration(1 / rate)} each`;
  return `${rate >= 1000 ? count(Math.round(rate)) : shortNumber(rate, 3)}${unit ? ` ${unit}` : ''}/s`;
}

function barText(bar: Bar, width: number): string {
  const label = bar.label.length > width ? `${bar.label.slice(0, width - 1)}…` : bar.label.padEnd(width);
  const head = label === '' ? '' : `${label}  `;
  const { fraction } = bar;
  const rest = facts(bar).join(' · ');
  if (fraction === undefined) return head + rest;
  const size = Math.max(8, Math.min(24, 80 - head.length - rest.length - 8));
  return `${head}${`${Math.floor(fraction * 100)}`.padStart(3)} % ${barLine(fraction, size)} ${rest}`;
}

/** How much is done, as a line of text. */
export function barLine(fraction: number, width: number): string {
  const done = Math.floor(fraction * width);
  return done >= width ? '━'.repeat(width) : `${'━'.repeat(done)}╺${'─'.repeat(width - done - 1)}`;
}

/** Blue while it runs and when it is done, grey when it was left, red when it failed: contrast 3 : 1 on white and on black. */
const colors = { done: '#3d85c6', left: '#8a8a8a', failed: '#d43f3a', interrupted: '#8a8a8a' };

function barHtml(bar: Bar): string {
  const { label, fraction, ending } = bar;
  const cell = 'border:none;padding:1px 12px 1px 0;text-align:left;white-space:nowrap';
  const percent = Math.floor((fraction ?? 0) * 1000) / 10;
  const track =
    fraction === undefined
      ? ''
      : `<td style="${cell}"><div style="width:240px;height:6px;border-radius:3px;background:rgba(128,128,128,.25)"><div style="width:${percent}%;height:6px;border-radius:3px;background:${colors[ending ?? 'done']}"></div></div></td><td style="${cell};text-align:right">${Math.floor(percent)} %</td>`;
  return `<tr style="background:none">${label ? `<td style="${cell}">${escapeHtml(label)}</td>` : ''}${track}<td style="${cell}" colspan="${fraction === undefined ? 3 : 1}">${escapeHtml(facts(bar).join(' · '))}</td></tr>`;
}
