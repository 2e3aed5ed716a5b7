// How deep a text's brackets nest. The parser is native and recurses: where its stack ends, the process does (at 10,000 to 20,000).

/** Deeper than anybody writes, with room below what the parser bears. */
export const DEEPEST = 5000;

/**
 * Where the brackets nest deeper than `DEEPEST`, as an offset; `undefined` where they don't. Those in strings and comments count:
 * a text with thousands of open ones in them is no program of a person's either.
 */
export function tooDeep(code: string): number | undefined {
  if (code.length <= DEEPEST) return undefined;
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    switch (code.charCodeAt(at)) {
      case 0x28: // (
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > DEEPEST) return at;
        break;
      case 0x29:
      case 0x5d:
      case 0x7d:
        if (depth > 0) depth--;
        break;
      default:
    }
  }
  return undefined;
}
