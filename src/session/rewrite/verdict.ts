// The parser's verdict on a text without magics: complete, in want of more, or wrong.
import { type OxcError, parse } from './parser.ts';

export type Verdict = 'complete' | 'incomplete' | 'invalid';

/** An error at the end of the text means that more must come. */
export function parseVerdict(code: string): Verdict {
  const plain = verdictAs(code, 'ts');
  return plain === 'invalid' && code.includes('<') ? verdictAs(code, 'tsx') : plain;
}

function verdictAs(code: string, lang: 'ts' | 'tsx'): Verdict {
  const { errors } = parse(code, lang);
  if (errors.length === 0) return 'complete';
  if (opensAtEnd.test(code)) return 'incomplete';
  return errors.some((error) => wantsMore(error, code)) ? 'incomplete' : 'invalid';
}

/** Ends for which the parser's error stands further up: `(a, b) =>`, `a?.`, `import.`. */
const opensAtEnd = /(?:=>|\?\.|\bimport\.|\bnew\.)\s*$/;

function wantsMore({ message, labels }: OxcError, code: string): boolean {
  if (message.startsWith('Unterminated')) {
    const opening = code.charAt(labels[0]?.start ?? 0);
    // A template, or the rest of one after `${…}`; a comment; a string whose line break is escaped.
    return opening === '`' || opening === '}' || message.includes('comment') || /["'][^\n]*\\\n?$/.test(code);
  }
  const end = code.trimEnd().length;
  return labels.some((label) => label.start >= end);
}
