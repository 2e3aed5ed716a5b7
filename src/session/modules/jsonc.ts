// JSON with comments and trailing commas, as tsconfig.json is written. Pure.

/** Throws a SyntaxError. */
export function parseJsonc(text: string): unknown {
  const token = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g;
  return JSON.parse(text.replace(/^\uFEFF/, '').replace(token, (found) => (found.startsWith('"') ? found : '')));
}
