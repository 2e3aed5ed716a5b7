// value → display, by one table of formatters that reads from top to bottom: the first that matches draws.
import type { Display } from './bundle.ts';

/** One row of the table of formatters. */
export interface Formatter {
  readonly name: string;
  /** Cheap, without side effects: runs no getter of the value and imports nothing. */
  matches(value: unknown): boolean;
  /** Draws a value that matched. A throw makes `render` try the next row. */
  format(value: unknown): Display | Promise<Display>;
}
