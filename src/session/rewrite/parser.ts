// The one door to oxc's parser.
import type { EcmaScriptModule, OxcError, ParserOptions, Program } from 'oxc-parser';
import { tooDeep } from './nesting.ts';
import { nativeOxc } from './oxc.ts';

export type { Node, OxcError, Program } from 'oxc-parser';

export interface Parsed {
  /** The tree in ESTree's form, with positions in UTF-16 units; made from JSON at the first call. */
  program(): Program;
  /** Static imports and exports, dynamic imports. */
  readonly module: EcmaScriptModule;
  readonly errors: readonly OxcError[];
}

interface Binding {
  parseSync(
    file: string,
    code: string,
    options: ParserOptions,
  ): { readonly program: string; readonly module: EcmaScriptModule; readonly errors: OxcError[] };
}

const { parseSync } = nativeOxc('parser') as Binding;

export type Language = 'js' | 'ts' | 'tsx';

/** Parses a text as a module. Never throws: a text that is wrong has errors and a tree without statements. */
export function parse(code: string, lang: Language): Parsed {
  // Wrong, wherever it is asked what is wrong with it.
  if (tooDeep(code) !== undefined) return parse('}', lang);
  const result = parseSync(`cell.${lang}`, code, { lang, sourceType: 'module' });
  let program: Program | undefined;
  return {
    program: () => (program ??= (JSON.parse(result.program) as { node: Program }).node),
    get module() {
      return result.module;
    },
    get errors() {
      return result.errors;
    },
  };
}
