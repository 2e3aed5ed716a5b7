// SQLite's GLOB, which history searches use: `*` any text, `?` one character, `[a-z]` or `[^a-z]` one of a set; over the whole text.

/** A token takes one character, or is the star. */
type Token = '*' | ((character: string) => boolean);

/**
 * Whether the whole text fits. Takes at most text × pattern steps whatever the pattern (a regular expression of several stars may take
 * for ever, and a pattern comes from a client).
 */
export function fitsGlob(pattern: string, text: string): boolean {
  const tokens = tokenize([...pattern]);
  const characters = [...text];
  let [at, token] = [0, 0];
  // Where the last star stands and how much it has taken: a misfit behind it gives it one character more.
  let star: { token: number; taken: number } | undefined;
  while (at < characters.length) {
    const next = tokens[token];
    if (next === '*') {
      star = { token, taken: at };
      token++;
    } else if (next?.(characters[at]!)) {
      at++;
      token++;
    } else if (star) {
      at = ++star.taken;
      token = star.token + 1;
    } else return false;
  }
  while (tokens[token] === '*') token++;
  return token === tokens.length;
}

function tokenize(pattern: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    // `]` right behind the opening is a member of the set.
    const first = i + (pattern[i + 1] === '^' ? 2 : 1);
    const close = character === '[' ? pattern.indexOf(']', first + 1) : -1;
    if (close >= 0) {
      tokens.push(set(pattern.slice(first, close), first === i + 2));
      i = close;
    } else if (character === '*') tokens.push('*');
    else if (character === '?') tokens.push(() => true);
    else tokens.push((other) => other === character);
  }
  return tokens;
}

function set(members: readonly string[], negated: boolean): (character: string) => boolean {
  const ranges: [from: string, to: string][] = [];
  for (let i = 0; i < members.length; i++) {
    const isRange = members[i + 1] === '-' && i + 2 < members.length;
    ranges.push([members[i]!, members[isRange ? i + 2 : i]!]);
    if (isRange) i += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) !== negated;
}
