// How well a text fits what is searched for. Pure.

/** 0: not at all. Every word of the query must be there: as it is, at a word's beginning better, or with other letters in between. */
export function fuzzyScore(query: string, text: string): number {
  const lower = text.toLowerCase();
  let score = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const one = wordScore(word, lower);
    if (one === 0) return 0;
    score += one;
  }
  return score;
}

function wordScore(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at >= 0) return at === 0 || /\W/.test(text[at - 1]!) ? 4 : 3;
  let from = 0;
  let first = -1;
  for (const letter of word) {
    const found = text.indexOf(letter, from);
    if (found < 0) return 0;
    if (first < 0) first = found;
    from = found + 1;
  }
  // The closer together, the better; far apart it is chance.
  const spread = from - first;
  return spread > word.length * 6 ? 0 : 1 + word.length / spread;
}
