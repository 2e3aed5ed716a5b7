// Bundles what `dist/` has compiled into `app/`, which is what people run: Node 20 takes 0.5–1 ms to load a module, and a kernel and its
// session have a hundred. Every program and every module that is imported by URL stays a file of its own, at its place; what they share
// is in chunks, once.
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Where shared chunks go: below `app/src/`, so that they count as the session's own code. */
const CHUNKS = 'src/chunks/[hash]';
/** What the command and the package's exports name. */
const PROGRAMS = [
  'src/main.js',
  'src/host.js',
  'src/index.js',
  'src/data/index.js',
  'src/nn/index.js',
  'kernel/run.js',
];
/** Imported by a computed name. */
const FACADES = 'src/tensor/facade';

/** @param {string} root the project's folder; `dist/` has been built */
export async function bundle(root) {
  const { build } = await import('esbuild');
  const dist = realpathSync(join(root, 'dist'));
  const app = join(root, 'app');
  const own = ['src', 'kernel'].flatMap((folder) => listScripts(dist, folder));
  const entries = new Set([
    ...PROGRAMS,
    ...own.filter((file) => dirname(file) === FACADES),
    ...own.flatMap((file) => urlImports(dist, file)),
  ]);
  rmSync(app, { recursive: true, force: true });
  await build({
    absWorkingDir: dist,
    entryPoints: [...entries],
    outbase: dist,
    outdir: app,
    bundle: true,
    splitting: true,
    chunkNames: CHUNKS,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [{ name: 'places', setup: (b) => b.onLoad({ filter: /\.js$/ }, ({ path }) => placed(dist, path)) }],
  });
  for (const file of readdirSync(join(dist, FACADES)))
    if (file.endsWith('.cjs')) cpSync(join(dist, FACADES, file), join(app, FACADES, file));
}

/** `import.meta.url` in a chunk is the chunk's: what the file's own would be in `app/` stands in its place. */
function placed(dist, path) {
  const text = readFileSync(path, 'utf8');
  const own = JSON.stringify(`/app/${relative(dist, path).replaceAll('\\', '/')}`);
  const url = `(import.meta.url.slice(0, import.meta.url.lastIndexOf('/app/')) + ${own})`;
  return { contents: text.replaceAll('import.meta.url', url), loader: 'js' };
}

function listScripts(dist, folder) {
  return readdirSync(join(dist, folder), { recursive: true })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(folder, file));
}

/** The modules that a file names as `new URL('./x.js', import.meta.url)`: threads, processes, what cells import. */
function urlImports(dist, file) {
  const text = readFileSync(join(dist, file), 'utf8');
  return [...text.matchAll(/new URL\('(\.{1,2}\/[^']+\.js)', import\.meta\.url\)/g)]
    .map(([, target]) => join(dirname(file), target))
    .filter((target) => !target.startsWith('..') && existsSync(join(dist, target)));
}
