// Bundles what `dist/` has compiled into `app/`, which is what people run: Node 20 takes 0.5–1 ms to load a module, and a kernel and its
// session have a hundred. Three forms:
// - The kernel, its session and the session's control thread are one CommonJS file each, which V8's code cache can serve (program.ts).
// - What cells import of ours are small ES modules that give out the session's own modules, so that each exists once.
// - The command line is ES modules that share chunks.
// Unit tests run the modules of `dist/`; what runs a program runs `app/`.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';

/** Where shared chunks go: below `app/src/`, so that they count as the session's own code. */
const CHUNKS = 'src/chunks/[hash]';
/** What the command names. */
const COMMANDS = ['src/main.js', 'kernel/run.js'];
/** Programs and threads of one file each, named by URL as `.js`. */
const SINGLE = ['src/host.js', 'src/session/control.js'];
/** What cells and other programs import of ours; imported by a computed name: the facades. */
const LIBRARY = ['src/index.js', 'src/data/index.js', 'src/nn/index.js', 'src/display/tslab.js'];
const FACADES = 'src/tensor/facade';
/** The global that holds the session's modules, by their place in `dist/`. */
const MODULES = `globalThis[Symbol.for("tensorcell.modules")]`;

/** @param {string} root the project's folder; `dist/` has been built */
export async function bundle(root) {
  const { build } = await import('esbuild');
  const places = { dist: realpathSync(join(root, 'dist')), app: join(root, 'app') };
  const { dist, app } = places;
  const own = ['src', 'kernel'].flatMap((folder) => listScripts(dist, folder));
  const facades = own.filter((file) => dirname(file) === FACADES);
  const library = [...LIBRARY, ...facades];
  const byUrl = own.flatMap((file) => urlImports(dist, file)).filter((file) => ![...SINGLE, ...library].includes(file));
  rmSync(app, { recursive: true, force: true });
  const common = {
    absWorkingDir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [{ name: 'places', setup: (b) => b.onLoad({ filter: /\.js$/ }, ({ path }) => placed(dist, path)) }],
  };
  const modules = { format: 'esm', outbase: dist, outdir: app };
  const single = (file) => ({
    ...common,
    plugins: [...common.plugins, requirable(root)],
    format: 'cjs',
    // On Node 20 a script out of V8's code cache has lost what its `import()` needs.
    supported: { 'dynamic-import': false },
    outfile: join(app, file),
    banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
    define: { 'import.meta.url': '__url' },
  });

  const given = new Set();
  await build({
    ...common,
    ...modules,
    entryPoints: library,
    banner: { js: '' },
    plugins: [sessionModules(dist, given)],
  });
  for (const file of library) {
    const path = join(app, file);
    writeFileSync(
      path,
      `${modulesFrom(posix.relative(dirname(file), 'src/session.cjs'))}\n${readFileSync(path, 'utf8')}`,
    );
  }
  const rows = ['src/host.js', ...given].map((file) => `${JSON.stringify(file)}: () => require("./${file}"),`);
  await build({
    ...single('src/session.cjs'),
    stdin: { contents: `module.exports = {\n${rows.join('\n')}\n};`, resolveDir: dist },
  });
  await build({ ...single('src/session/control.cjs'), entryPoints: ['src/session/control.js'] });
  await build({ ...single('kernel/kernel.cjs'), entryPoints: ['kernel/main.js'] });
  await build({ ...common, ...modules, entryPoints: [...COMMANDS, ...byUrl], splitting: true, chunkNames: CHUNKS });

  const program = (file, what) => ({ ...single(file), stdin: { contents: programText(app, what), resolveDir: dist } });
  await build(program('src/host.cjs', { file: 'src/session.cjs', use: `(${MODULES} = loaded)["src/host.js"]()` }));
  await build(
    program('kernel/main.cjs', {
      file: 'kernel/kernel.cjs',
      // The session's process starts first of all: it is what a first cell waits for.
      first: "import { spawnSession } from './src/session/spawn.js';\nconst session = spawnSession(process.cwd());",
      use: 'loaded.run(process.argv.slice(3), session).then(process.exit)',
    }),
  );
  for (const file of readdirSync(join(dist, FACADES)))
    if (file.endsWith('.cjs')) cpSync(join(dist, FACADES, file), join(app, FACADES, file));
}

/** In one CommonJS file an import of a package is a `require`, which before Node 20.19 loads no ES module. */
function requirable(root) {
  const require = createRequire(join(root, 'package.json'));
  return {
    name: 'requirable',
    setup(b) {
      b.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
        if (kind !== 'import-statement' || isBuiltin(path)) return undefined;
        const file = require.resolve(path);
        const { type } = JSON.parse(readFileSync(findPackage(file), 'utf8'));
        if (file.endsWith('.mjs') || (type === 'module' && file.endsWith('.js')))
          throw new Error(`bundle: ${importer} must import ${path} by import(): it is an ES module`);
        return undefined;
      });
    },
  };
}

/** The package.json that says what kind of module a file is. */
function findPackage(file) {
  const path = join(dirname(file), 'package.json');
  return existsSync(path) ? path : findPackage(dirname(file));
}

/** A program: loads a bundle that lies beside it with the code cache, then goes on with what it has `loaded`. */
function programText(app, { file, first = '', use }) {
  const path = join(app, file);
  // A program is read as Latin-1. esbuild escapes what is in code; what is left is in comments.
  const text = readFileSync(path, 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, (line) => line.replace(/[^\0-\x7f]/g, '?'));
  if (/[^\0-\x7f]/.test(text)) throw new Error(`bundle: ${file} must be ASCII`);
  writeFileSync(path, text);
  const build = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${first}
import { loadProgram } from './src/program.js';
const loaded = loadProgram(__dirname + '/${posix.basename(file)}', '${build}');
${use};`;
}

/** Outside of a session, such as in a program of a person's own, the modules come from the same bundle. */
function modulesFrom(bundled) {
  const path = bundled.replace(/^(?!\.)/, './');
  return `import { createRequire } from "node:module";\nconst __modules = ${MODULES} ??= createRequire(import.meta.url)("${path}");`;
}

/** Leaves out what an ES module imports of ours: it is asked of the session. Their places are added to `given`. */
function sessionModules(dist, given) {
  return {
    name: 'session-modules',
    setup(b) {
      b.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined;
        const place = relative(dist, join(resolveDir, path)).replaceAll('\\', '/');
        given.add(place);
        return { path: place, namespace: 'session' };
      });
      b.onLoad({ filter: /.*/, namespace: 'session' }, ({ path }) => {
        return { contents: `module.exports = __modules[${JSON.stringify(path)}]();`, loader: 'js' };
      });
    },
  };
}

/** `import.meta.url` in a bundle is the bundle's: what the file's own would be in `app/` stands in its place. */
function placed(dist, path) {
  const text = readFileSync(path, 'utf8');
  const file = relative(dist, path).replaceAll('\\', '/');
  const url = `(import.meta.url.slice(0, import.meta.url.lastIndexOf('/app/')) + ${JSON.stringify(`/app/${file}`)})`;
  const contents = text
    .replace(URL_IMPORT, (whole, target) =>
      SINGLE.includes(posix.join(posix.dirname(file), target)) ? whole.replace(/\.js'/, ".cjs'") : whole,
    )
    .replaceAll('import.meta.url', url);
  return { contents, loader: 'js' };
}

const URL_IMPORT = /new URL\('(\.{1,2}\/[^']+\.js)', import\.meta\.url\)/g;

function listScripts(dist, folder) {
  return readdirSync(join(dist, folder), { recursive: true })
    .filter((file) => file.endsWith('.js'))
    .map((file) => posix.join(folder, file.replaceAll('\\', '/')));
}

/** The modules that a file names as `new URL('./x.js', import.meta.url)`: threads, processes, what cells import. */
function urlImports(dist, file) {
  const text = readFileSync(join(dist, file), 'utf8');
  return [...text.matchAll(URL_IMPORT)]
    .map(([, target]) => posix.join(posix.dirname(file), target))
    .filter((target) => !target.startsWith('..') && existsSync(join(dist, target)));
}
