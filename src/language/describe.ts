// What is known of a name, as a person reads it: its type and documentation, and what it is now. Pure.
import type { Display } from '../display/bundle.ts';
import type { Hover } from './questions.ts';

/** Joins what the server and the session know; the session is silent while it is busy, and of what has not run. */
export function describe({ signature, documentation }: Hover, live: Display | undefined): Display {
  const known = String(live?.data['text/plain'] ?? '');
  // Of a function the session knows a line, which the signature says better; of a value, and of a source, more than that.
  const now = known.includes('\n\n') ? known : undefined;
  const plain = [signature, withoutMarkup(documentation), now].filter(Boolean).join('\n\n');
  const markdown = [fence('typescript', signature), documentation, now && fence('text', withoutColours(now))];
  return { data: { 'text/plain': plain, 'text/markdown': markdown.filter(Boolean).join('\n\n') }, metadata: {} };
}

function fence(language: string, text: string): string {
  // A fence longer than any in the text.
  const ticks = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

/** Markdown for a terminal: fences and emphasis go, the words stay. */
function withoutMarkup(text: string): string {
  return text
    .replace(/^```\w*\n?/gm, '')
    .replace(/\*@(\w+)\*/g, '@$1')
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .trim();
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
