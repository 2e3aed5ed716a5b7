import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamContent } from '../../kernel/stream-content.ts';

const long = 'x y~!#[]'.repeat(10_000);
const texts: Record<string, string> = {
  'short text': 'a',
  'long plain text': long,
  'long text with a quote at its end': `${long}"`,
  'long text with a backslash': `\\${long}`,
  'long text with line ends': `${long}\n${long}`,
  'long text with a control character': `${long}\u007f\u0000`,
  'long text beyond ASCII': `${long}ÿ😀`,
  'long text with half of a character': `${long}\ud800`,
};

for (const [name, text] of Object.entries(texts)) {
  test(`${name} is the JSON that it is for everybody`, () => {
    assert.equal(String(streamContent('stdout', text)), JSON.stringify({ name: 'stdout', text }));
  });
}
