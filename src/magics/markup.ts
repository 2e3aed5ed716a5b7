// Magics that show the cell as what it is written in.
import { asDisplay } from '../display/bundle.ts';
import { drawSymbol } from '../display/custom.ts';
import type { Magic } from '../session/parts.ts';

export const html: Magic = markup('html', 'text/html', 'HTML');
export const markdown: Magic = markup('markdown', 'text/markdown', 'Markdown');

function markup(name: string, mime: string, language: string): Magic {
  return {
    name,
    usage: `%%${name}`,
    summary: `Shows the rest of the cell as ${language}.`,
    run({ kind, args, body = '' }) {
      if (kind !== 'cell' || args !== '')
        throw new SyntaxError(`%%${name}: the first line of the cell must be %%${name} alone`);
      return { [drawSymbol]: () => asDisplay(body, { [mime]: body }) };
    },
  };
}
