// Code points ⇄ UTF-16: the protocol counts the first, JavaScript strings the second. They differ after the first emoji.

/** Offset in UTF-16 units of the code point at `points`, clamped to the text. */
export function toUtf16(text: string, points: number): number {
  let unit = 0;
  for (let seen = 0; seen < points && unit < text.length; seen++) unit += isPair(text, unit) ? 2 : 1;
  return unit;
}

/** Code points before the UTF-16 offset `unit`, clamped to the text. */
export function toCodePoints(text: string, unit: number): number {
  let points = 0;
  for (let at = 0; at < unit && at < text.length; points++) at += isPair(text, at) ? 2 : 1;
  return points;
}

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
