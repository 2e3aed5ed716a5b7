// `display(value)` in a cell: shows a value now, and hands out what redraws it in place. The table of formatters is the session's.
import { emit, type DisplayHandle as Shown, show } from '../session/outputs.ts';
import { asDisplay, type Display } from './bundle.ts';
import { bundleOf } from './custom.ts';
import { formatters as baseFormatters } from './formatters.ts';
import { type Formatter, render } from './render.ts';

let formatters: readonly Formatter[] = baseFormatters;

/** Sets the table that `display` draws by. Called once, by whoever composes the session. */
export function useFormatters(table: readonly Formatter[]): void {
  formatters = table;
}

/** A value on the page that can be drawn anew. */
export interface DisplayHandle {
  readonly id: string;
  /** Shows another value in its place, from any later cell too. */
  update(value: unknown): void;
  /** Leaves nothing in its place. */
  clear(): void;
}

export interface DisplayOptions {
  /** The value is a MIME bundle: MIME type → content, bytes for binary types. */
  readonly raw?: boolean;
}

const handles = new WeakSet<object>();

/** Whether a value came from `display`: it is on the page already, so that a cell that ends with it shows nothing more. */
export function isDisplayHandle(value: unknown): boolean {
  return typeof value === 'object' && value !== null && handles.has(value);
}

/** Displays whose drawing is still awaited. */
const drawing = new Set<Promise<void>>();

/** A promise of every display begun so far being drawn, which a cell's end waits for; `undefined` when none is on its way. */
export function stillDrawing(): Promise<unknown> | undefined {
  return drawing.size > 0 ? Promise.all(drawing) : undefined;
}

/**
 * Shows a value in the running cell, as a cell's last value would be shown. A value that draws itself asynchronously keeps its place
 * and appears there.
 */
export function display(value: unknown, options: DisplayOptions = {}): DisplayHandle {
  let version = 0;
  let shown: Shown | undefined;
  const put = (drawn: Display, changes?: true): void => {
    if (shown) shown.update(drawn);
    else shown = show(drawn, changes && { changes });
  };
  const draw = (next: unknown): void => {
    const mine = ++version;
    const drawn = drawValue(next, options);
    if (!(drawn instanceof Promise)) {
      put(drawn);
      return;
    }
    if (!shown) put(asDisplay('…'), true);
    // Slow drawings must not cover newer ones.
    const done = drawn.then((late) => {
      if (mine === version) put(late);
    });
    drawing.add(done);
    void done.finally(() => drawing.delete(done));
  };
  const clear = (): void => {
    version++;
    put(asDisplay(''));
  };
  draw(value);
  const handle = { id: shown!.id, update: draw, clear };
  handles.add(handle);
  return handle;
}

/** A value as `display` shows it. */
export function drawValue(value: unknown, { raw }: DisplayOptions = {}): Display | Promise<Display> {
  return raw ? renderBundle(value) : render(value, formatters);
}

function renderBundle(bundle: unknown): Display | Promise<Display> {
  return render(bundle, [
    { name: 'MIME bundle', matches: () => true, format: (value) => bundleOf(value, value) },
    ...formatters,
  ]);
}

/** Removes the cell's output so far; with `wait`, when the next output comes, so that nothing flickers. */
export function clearOutput({ wait = false }: { readonly wait?: boolean } = {}): void {
  emit({ type: 'clear_output', wait });
}
