// The way back through a source map. Made by Node's own reader when an error asks for it, never before.
import { SourceMap } from 'node:module';
import type { Place } from './syntax-error.ts';

const kept = new Map<string, SourceMap>();
/** A stack asks for the same map a few times; more than the last ones are made again. */
const KEPT = 16;

/** The place in the source of a place in the generated code; `mappings` are those of ECMA-426. */
export function originalPlace(mappings: string, { line, column }: Place): Place {
  let map = kept.get(mappings);
  if (map === undefined) {
    map = new SourceMap({
      file: '',
      version: 3,
      sources: ['source'],
      sourcesContent: [],
      names: [],
      mappings,
      sourceRoot: '',
    });
    kept.set(mappings, map);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
  }
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return { line, column };
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
