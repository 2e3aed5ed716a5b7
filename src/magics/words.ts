// The arguments of a magic as a shell would part them.

/** Words parted by blanks; quotes keep blanks together. Nothing is expanded. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g))
    words.push(word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
  return words;
}
