// TypeScript → JavaScript, for cells and for local modules. Pure: text in, text out, with a source map when one is asked for.
import { createRequire } from 'node:module';
import type { OxcError, transformSync as Transform, TransformOptions } from 'oxc-transform';
import { CellSyntaxError, offsetOf } from '../errors/syntax-error.ts';
import { DEEPEST, tooDeep } from './nesting.ts';
import { nativeOxc } from './oxc.ts';
import { type Node, parse } from './parser.ts';

const { transformSync } = nativeOxc('transform') as { transformSync: typeof Transform };

export interface Transformed {
  readonly code: string;
  /** The `mappings` of a source map (ECMA-426) back to the text; only when asked for. */
  readonly mappings: string | undefined;
  /** Whether the text's last statement is an expression, where the JavaScript alone does not tell. */
  readonly endsInExpression: boolean | undefined;
}

export interface TransformRequest {
  readonly code: string;
  /** Shown nowhere, but kept in a source map. */
  readonly file: string;
  /**
   * `ts` and `tsx` are tried in this order when undefined: a cell may hold both `<T>(x: T) => x` and `<div/>`, and no text
   * means something else in the other.
   */
  readonly lang?: 'ts' | 'tsx';
  readonly map: boolean;
  /** A cell's imports are kept for later cells; a module's go when only types or nothing use them, as TypeScript has it. */
  readonly keepsUnusedImports: boolean;
}

/** What a project's tsconfig.json says of the text; a pragma in the text says more. */
export interface Syntax {
  /** JSX becomes calls of a factory (`"jsx": "react"`), not of a package's runtime. */
  readonly classicJsx: boolean;
  readonly jsxFactory?: string | undefined;
  readonly jsxFragmentFactory?: string | undefined;
  /** The package of the runtime; React's without one. */
  readonly jsxImportSource?: string | undefined;
  /** Decorators as they were before they became a standard. */
  readonly experimentalDecorators: boolean;
}

let syntax: Syntax = { classicJsx: false, experimentalDecorators: false };

/** Sets what holds for all texts of the process, before the first of them. */
export function useSyntax(project: Syntax): void {
  syntax = project;
}

/** What Node 20 lacks: `using` alone. */
const TARGET = 'es2024';

/** Runtime helpers stand in the result as `babelHelpers.name`. Throws a {@link CellSyntaxError}. */
export function transform(request: TransformRequest): Transformed {
  const { code } = request;
  const deep = tooDeep(code);
  if (deep !== undefined) {
    const message = `Brackets and operators nest more than ${DEEPEST} deep (each term of a sum is a level)`;
    throw new CellSyntaxError(message, code, deep);
  }
  const tries = (request.lang ? [request.lang] : ['ts', 'tsx']) as ('ts' | 'tsx')[];
  let failure: { errors: readonly OxcError[]; lang: 'ts' | 'tsx' } | undefined;
  for (const lang of tries) {
    const { errors, code: js, map } = transformSync(request.file, code, oxcOptions(request, lang));
    if (errors.length === 0) {
      if (mayDecorate.test(code) && hasDecorators(code, lang)) return transformByEsbuild(request, lang);
      return { code: js, mappings: map?.mappings, endsInExpression: undefined };
    }
    if (errors.every((error) => error.message.includes('not supported by Oxc')))
      return transformByEsbuild(request, lang);
    // Of two failures the first is told, unless the text looks like JSX.
    if (failure === undefined || looksLikeJsx.test(code)) failure = { errors, lang };
    if (!code.includes('<')) break;
  }
  const [first] = failure!.errors;
  // Two labels are the place and what it clashes with; of a name declared twice the second is the wrong one.
  const label = first!.labels.at(first!.message.includes('already been declared') ? -1 : 0);
  throw new CellSyntaxError(first!.message, code, label?.start ?? 0, label?.end);
}

const looksLikeJsx = /<\/|\/>/;
const mayDecorate = /@|\baccessor\b/;

function oxcOptions(request: TransformRequest, lang: 'ts' | 'tsx'): TransformOptions {
  return {
    lang,
    sourceType: 'module',
    target: TARGET,
    sourcemap: request.map,
    typescript: { onlyRemoveTypeImports: request.keepsUnusedImports },
    jsx: isClassic(request.code)
      ? {
          runtime: 'classic',
          ...(syntax.jsxFactory && { pragma: syntax.jsxFactory }),
          ...(syntax.jsxFragmentFactory && { pragmaFrag: syntax.jsxFragmentFactory }),
        }
      : { runtime: 'automatic', ...(syntax.jsxImportSource && { importSource: syntax.jsxImportSource }) },
    // 'External' of a const enum that only the types know.
    helpers: { mode: 'External' as NonNullable<NonNullable<TransformOptions['helpers']>['mode']> },
  };
}

function isClassic(code: string): boolean {
  return /@jsx\s/.test(code) || (syntax.classicJsx && !/@jsxImportSource\s/.test(code));
}

/** Whether a decorator or an `accessor` field stands anywhere, which oxc leaves as they are and no Node runs. */
function hasDecorators(code: string, lang: 'ts' | 'tsx'): boolean {
  const search = (value: unknown): boolean => {
    if (value === null || typeof value !== 'object') return false;
    if (Array.isArray(value)) return value.some(search);
    const node = value as { type?: unknown; decorators?: unknown[] };
    if (node.type === 'AccessorProperty' || node.type === 'TSAbstractAccessorProperty') return true;
    if ((node.decorators?.length ?? 0) > 0) return true;
    return Object.values(node).some(search);
  };
  return search(parse(code, lang).program().body);
}

/** esbuild knows standard decorators and the rest of namespaces; it is 100 times slower, so only those go there. */
function transformByEsbuild(
  { code, file, map, keepsUnusedImports }: TransformRequest,
  lang: 'ts' | 'tsx',
): Transformed {
  const esbuild = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  try {
    const result = esbuild.transformSync(code, {
      loader: lang,
      target: 'es2022',
      format: 'esm',
      sourcemap: map ? 'external' : false,
      sourcefile: file,
      jsx: isClassic(code) ? 'transform' : 'automatic',
      ...(syntax.jsxFactory && { jsxFactory: syntax.jsxFactory }),
      ...(syntax.jsxFragmentFactory && { jsxFragment: syntax.jsxFragmentFactory }),
      ...(syntax.jsxImportSource && { jsxImportSource: syntax.jsxImportSource }),
      logLevel: 'silent',
      tsconfigRaw: {
        compilerOptions: {
          verbatimModuleSyntax: keepsUnusedImports,
          experimentalDecorators: syntax.experimentalDecorators,
        },
      },
    });
    const last = parse(code, lang).program().body.filter(isStatement).at(-1);
    return {
      code: result.code,
      mappings: map ? (JSON.parse(result.map) as { mappings: string }).mappings : undefined,
      endsInExpression: last?.type === 'ExpressionStatement',
    };
  } catch (error) {
    const [first] = (error as import('esbuild').TransformFailure).errors ?? [];
    if (first === undefined) throw error;
    const { location } = first;
    if (!location) throw new CellSyntaxError(first.text, code, 0);
    // esbuild counts columns in bytes.
    const column = Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1;
    const start = offsetOf(code, { line: location.line, column });
    throw new CellSyntaxError(first.text, code, start, start + location.length);
  }
}

function isStatement(node: Node): boolean {
  return node.type !== 'EmptyStatement';
}
