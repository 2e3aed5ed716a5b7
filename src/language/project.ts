// The project that the server sees in a notebook's folder: a generated tsconfig.json in place of the person's, which it extends, and
// the names that every cell has. Files that exist only in the server's mind, except for the person's.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJsonc } from '../session/modules/jsonc.ts';
import { findTsconfig, type Options, readOptions } from '../session/modules/tsconfig.ts';
import { packagesStamp } from './files.ts';
import { npmPaths, npmStamp } from './npm-types.ts';

/** Texts that the server is given under names in the notebook's folder. */
export interface Project {
  readonly files: ReadonlyMap<string, string>;
  /** Those that are given once a text has the specifier, such as `tensorcell/data`: each brings the types of tensors. */
  readonly onDemand: readonly { readonly specifier: string; readonly name: string; readonly text: string }[];
  /** Whether the person's own tsconfig.json says how strict to be. */
  readonly own: boolean;
  /** Names that a cell with JSX needs, although it does not mention them. */
  readonly factories: readonly string[];
  /** What is wrong with the person's tsconfig.json, if anything. */
  readonly problem: string | undefined;
  /** Changes with what the project was made from. */
  readonly stamp: string;
}

export const CHECK_FILE = '__tensorcell';
export const ASK_FILE = '__tensorcell_ask';
const GLOBALS_FILE = '__tensorcell_globals.d.ts';
const USER_CONFIG = '__tensorcell_tsconfig.json';

/** The package's own folder: this module lies three levels below, in `dist/` as in `app/`. */
const HOME = fileURLToPath(new URL('../../../', import.meta.url));
const require = createRequire(import.meta.url);

/** What TypeScript knows of `tf`, and of each package of TensorFlow.js that stands for it. */
const TF_TYPES = join(HOME, 'dist/src/tensor/declared.d.ts');
const TF_NAMES = ['@tensorflow/tfjs', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
const TFJS_PACKAGES = ['core', 'layers', 'data', 'converter', 'backend-cpu', 'backend-wasm'];

/** What cells need whatever a person's tsconfig.json says: it was written for files, some of it for another program. */
const FORCED = {
  target: 'esnext',
  module: 'preserve',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  allowJs: false,
  checkJs: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  importHelpers: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  composite: false,
  incremental: false,
  declaration: false,
  skipLibCheck: true,
  noEmit: true,
};

/** For folders without a tsconfig.json. No DOM: a cell that means a variable `name` must not find a window's. */
const DEFAULTS = { strict: true, useUnknownInCatchVariables: false, lib: ['esnext'] };
/** As cells run, where nothing says otherwise. */
const JSX = 'react-jsx';

/** `folder` is absolute. */
export function readProject(folder: string): Project {
  const config = findTsconfig(folder);
  const options = config ? readOptions(config) : {};
  const paths = { ...options.paths, ...npmPaths(folder), ...ownPaths() };
  const isOwn = config !== undefined && dirname(config) === folder;
  const base = {
    ...(config && { extends: isOwn ? `./${USER_CONFIG}` : config }),
    compilerOptions: { ...(!config && DEFAULTS), ...(!options.jsx && { jsx: JSX }), ...FORCED, paths },
    include: [],
    references: [],
    // Not TypeScript's: the text changes when a package comes, and what was not found is looked for again.
    packages: packagesStamp(folder),
  };
  const uses = [CHECK_FILE, ASK_FILE];
  const files = new Map<string, string>();
  // A project for each: a change of one text alone leaves all that its project has read.
  for (const use of uses) {
    const own = `${use}.tsconfig.json`;
    // Themselves too: an open file of no project gets one of its own, with the types of a browser (19 MB).
    files.set(own, JSON.stringify({ ...base, files: [own, GLOBALS_FILE, `${use}.ts`, `${use}.tsx`] }));
  }
  files.set(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: FORCED,
      files: ['tsconfig.json', ...(isOwn ? [USER_CONFIG] : [])],
      references: uses.map((use) => ({ path: `./${use}.tsconfig.json` })),
    }),
  );
  files.set(GLOBALS_FILE, globals(folder));
  let problem: string | undefined;
  if (config) {
    const text = readFileSync(config, 'utf8');
    if (isOwn) files.set(USER_CONFIG, text);
    try {
      parseJsonc(text);
    } catch (error) {
      problem = `${config}: ${(error as Error).message}`;
    }
  }
  return {
    files,
    onDemand: ownFiles(),
    own: config !== undefined,
    factories: factories(options),
    problem,
    stamp: projectStamp(folder),
  };
}

/** Cheap enough to look at before each cell. */
export function projectStamp(folder: string): string {
  const config = findTsconfig(folder);
  return `${config ? `${config} ${statSync(config).mtimeMs}` : ''} ${npmStamp()} ${packagesStamp(folder)}`;
}

/** Names that classic JSX becomes calls of. */
function factories({ jsx, jsxFactory = 'React', jsxFragmentFactory = 'React' }: Options): string[] {
  return jsx === 'react' ? [jsxFactory, jsxFragmentFactory].map((name) => name.split('.')[0]!) : [];
}

/** The types that package.json names for what is imported of ours: `.`, `./data`, … → absolute path. */
function ownExports(): [subpath: string, types: string][] {
  const { exports } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')) as {
    exports: Record<string, { types?: string }>;
  };
  return Object.entries(exports).flatMap(([path, { types }]): [string, string][] =>
    types ? [[path, join(HOME, types)]] : [],
  );
}

/** What a subpath of ours gives may be tensors, whose methods come with `tf`. */
function ownFiles(): Project['onDemand'] {
  return ownExports()
    .filter(([path]) => path !== '.')
    .map(([path, types]) => ({
      specifier: `tensorcell${path.slice(1)}`,
      name: ownFile(path),
      text: `import ${JSON.stringify(TF_TYPES)};export * from ${JSON.stringify(types)};`,
    }));
}

function ownFile(subpath: string): string {
  return `__tensorcell_own_${subpath.slice(2)}.d.ts`;
}

function ownPaths(): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const [path, types] of ownExports())
    paths[`tensorcell${path.slice(1)}`] = [path === '.' ? types : `./${ownFile(path)}`];
  paths.tslab = [join(HOME, 'dist/src/display/tslab.d.ts')];
  for (const name of TF_NAMES) paths[name] = [TF_TYPES];
  for (const name of TFJS_PACKAGES) {
    const folder = dirname(require.resolve(`@tensorflow/tfjs-${name}/package.json`));
    paths[`@tensorflow/tfjs-${name}`] = [join(folder, 'dist', 'index.d.ts')];
    paths[`@tensorflow/tfjs-${name}/*`] = [join(folder, '*')];
  }
  return paths;
}

/** Names that every cell has. Node's types are the folder's own where it has some: two copies would clash. */
function globals(folder: string): string {
  const node = nodeTypes(folder) ?? dirname(require.resolve('@types/node/package.json'));
  return [
    `/// <reference path="${join(node, 'index.d.ts')}" />`,
    // From its own module: the package's entry would bring the types of tensors into every notebook.
    `declare const display: typeof import(${JSON.stringify(join(HOME, 'dist/src/display/display.d.ts'))}).display;`,
    `declare const Deno: { readonly jupyter: typeof import(${JSON.stringify(join(HOME, 'dist/src/display/deno.d.ts'))}).jupyter };`,
    'declare function prompt(message?: unknown, fallback?: unknown): string;',
    'declare function confirm(message?: unknown): boolean;',
    'declare const In: string[], Out: any[], _: any, __: any;',
  ].join('\n');
}

function nodeTypes(folder: string): string | undefined {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const types = join(at, 'node_modules', '@types', 'node');
    if (existsSync(join(types, 'index.d.ts'))) return types;
  }
  return undefined;
}
