// A cell's TypeScript → the JavaScript that runs. Each top-level name becomes an assignment to a script-scope `let` that the
// evaluator declares once, for ever; the body becomes a strict function. Pure: the same text and options give the same code.
import { isBuiltin } from 'node:module';
import { originalPlace } from '../errors/source-map.ts';
import { CellSyntaxError, offsetOf, placeOf } from '../errors/syntax-error.ts';
import { guardAwaits } from './awaits.ts';
import { type Edited, Edits } from './edits.ts';
import { type CellImport, type LateImport, writeImports, writeLateImports } from './imports.ts';
import { type Magic, markMagics } from './magic-lines.ts';
import { type NameKind, type NameRules, RESERVED, ReservedName, rewriteReferences } from './names.ts';
import { parse } from './parser.ts';
import { rewriteStatements } from './statements.ts';
import { transform } from './transform.ts';
import { analyze } from './walk.ts';

export interface Rewritten {
  /** An expression: the cell as a function of one argument, `$$tensorcell`, that returns the cell's value. */
  readonly code: string;
  readonly isAsync: boolean;
  readonly declares: ReadonlyMap<string, NameKind>;
  /** Names that the cell reads or writes and does not declare. */
  readonly mentions: ReadonlySet<string>;
  /** The mentions that the cell assigns to. */
  readonly writes: ReadonlySet<string>;
  readonly imports: readonly CellImport[];
  readonly magics: readonly Magic[];
  /** The `import()` expressions. */
  readonly late: readonly LateImport[];
  /** Whether an `import` or `import()` may load a module that is not built in. */
  readonly loadsModules: boolean;
  /** The way back from `code` to `javascript`, which `mappings` (ECMA-426) map back to the cell. */
  readonly edited: Edited;
  readonly javascript: string;
  readonly mappings: string | undefined;
}

/** Rules of a session in which no cell has run. */
export const NO_RULES: NameRules = {
  builtins: new Set(),
  shadowed: new Set(),
  constants: new Set(),
  missing: new Set(),
};

/**
 * Throws a {@link CellSyntaxError}. `map` (default false) asks for the source map: the code is the same with and without, so
 * a cell's map is made only when an error needs it.
 */
export function rewrite(code: string, rules: NameRules = NO_RULES, map = false): Rewritten {
  const { code: marked, magics } = markMagics(code);
  const js = transform({ code: marked, file: 'cell', map, keepsUnusedImports: true });
  const program = parse(js.code, 'js').program();
  const analysis = analyze(program);

  const edits = new Edits(js.code);
  const body = rewriteStatements(
    {
      code,
      js: js.code,
      program,
      vars: analysis.vars,
      endsInExpression: js.endsInExpression ?? true,
      builtins: rules.builtins,
    },
    edits,
  );
  const imports = writeImports(code, body.modules, edits);
  for (const name of imports.declares.keys()) if (body.declares.has(name)) throw twice(name, code);
  const declares = new Map([...imports.declares, ...body.declares]);
  guardAwaits(js.code, analysis, edits);
  const late = writeLateImports(analysis.lateImports, edits);
  for (const { start, end } of analysis.metas) edits.replace(start, end, `${RESERVED}.meta`);
  const names = refuseReserved(marked, js.code, () =>
    rewriteReferences(code, analysis.references, declares, rules, edits),
  );

  const isAsync = analysis.awaitsAtTop || imports.list.length > 0 || magics.length > 0;
  if (program.hashbang) edits.replace(program.hashbang.start, program.hashbang.end, '');
  const edited = edits.apply((out) => {
    out.write(`(${isAsync ? 'async ' : ''}(${RESERVED}) => { "use strict"; `, 0);
    for (const { name, start, end } of body.functions) {
      const target = names.target(name);
      // A function takes its name from what it is assigned to: not from the alias.
      out.write(target === name ? `${name} = ` : `${target} = { ${name}: `, start);
      out.copy(start, end);
      out.write(target === name ? '; ' : ` }.${name}; `, end);
    }
    const heads = [...body.heads];
    for (const { text, start, generated } of imports.prologue(names.target)) {
      while (heads.length > 0 && (generated || heads[0]!.start < start)) {
        const { start, end } = heads.shift()!;
        out.copy(start, end);
        out.write(' ', end);
      }
      out.write(`${text} `, start);
    }
  }, '\n})');
  return {
    code: edited.code,
    isAsync,
    declares,
    mentions: names.mentions,
    writes: names.writes,
    imports: imports.list,
    magics,
    late,
    loadsModules: [...imports.list, ...late].some(({ specifier }) => specifier === undefined || !isBuiltin(specifier)),
    edited,
    javascript: js.code,
    mappings: js.mappings,
  };
}

/** Tells a reserved name at its place in the cell. */
function refuseReserved<T>(code: string, js: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ReservedName)) throw error;
    const { mappings } = transform({ code, file: 'cell', map: true, keepsUnusedImports: true });
    const start = offsetOf(code, originalPlace(mappings!, placeOf(js, error.start)));
    throw new CellSyntaxError(error.message, code, start, start + error.text.length);
  }
}

/** The parser lets an import and a declaration share a name. */
function twice(name: string, code: string): CellSyntaxError {
  const uses = [...code.matchAll(new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`, 'g'))];
  const start = uses[1]?.index ?? 0;
  return new CellSyntaxError(`Identifier '${name}' has already been declared`, code, start, start + name.length);
}
