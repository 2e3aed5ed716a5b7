// `Deno.jupyter` in a cell: Deno's way to show things, over ours, so that notebooks and libraries written for it run as they are. Nothing
// else of Deno is here.
import { emit, nextDisplayId } from '../session/outputs.ts';
import type { Display, MimeBundle } from './bundle.ts';
import { displaySymbol } from './custom.ts';
import { drawValue } from './display.ts';
import { html, type Markup, md, svg } from './markup.ts';
import { image } from './media.ts';

export interface DenoDisplayOptions {
  /** The value is a MIME bundle. */
  readonly raw?: boolean;
  /** Draws what was shown under `display_id` anew instead. */
  readonly update?: boolean;
  readonly display_id?: string;
}

/** Shows a value in the running cell. @throws TypeError for an update without the id of what it updates. */
async function display(value: unknown, options: DenoDisplayOptions = {}): Promise<void> {
  const { raw = false, update = false, display_id } = options;
  if (update && !display_id)
    throw new TypeError('Deno.jupyter.display: an update needs the display_id of what it updates');
  const drawn: Display = await drawValue(value, { raw });
  emit({ type: update ? 'update_display' : 'display', displayId: display_id ?? nextDisplayId(), ...drawn });
}

/** The MIME bundle that a value is shown as. */
async function format(value: unknown): Promise<MimeBundle> {
  return (await drawValue(value)).data;
}

export const jupyter = {
  /** The key of the method that draws a value, `Symbol.for('Jupyter.display')`. */
  $display: displaySymbol,
  display,
  format,
  html: html as (strings: TemplateStringsArray, ...values: unknown[]) => Markup,
  md: md as (strings: TemplateStringsArray, ...values: unknown[]) => Markup,
  svg: svg as (strings: TemplateStringsArray, ...values: unknown[]) => Markup,
  image,
} as const;
