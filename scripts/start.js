// `npm start`: in a fresh clone, from nothing to a trained network. Installs and builds what is missing, runs the quickstart through the
// kernel, says what came of it and what to do next.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const notebook = join('build', 'quickstart.ipynb');
const page = join('build', 'quickstart.html');

/** @returns {Promise<number>} the exit code */
async function start() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 18)) {
    console.error(`Tensorcell needs Node.js 20.18 or newer; this is ${process.versions.node} (https://nodejs.org)`);
    return 1;
  }
  process.chdir(root);
  const { install, InstallError } = await import('./install.js');
  try {
    await install();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    console.error(error.message);
    return 1;
  }
  const { build } = await import('./build.js');
  try {
    if (await build()) console.log('Built');
  } catch (error) {
    console.error(error.message);
    return 1;
  }
  await getEngine();
  mkdirSync('build', { recursive: true });
  // The result of an earlier run must not pass for that of one that failed.
  for (const file of [notebook, page]) rmSync(file, { force: true });
  const { run } = await import('../app/kernel/run.js');
  const words = [join('notebooks', 'quickstart.ipynb'), '-o', notebook, '--html', page];
  const code = await run([...words, ...process.argv.slice(2)]);
  if (code === 0) console.log(`\nTest accuracy: ${readAccuracy()}\n\n${next}`);
  return code;
}

/** Gets TensorFlow's library where there is none; without it the quickstart computes on WebAssembly. */
async function getEngine() {
  const { findLibrary } = await import('../dist/src/tensor/libtensorflow.js');
  if (findLibrary().folder !== undefined) return;
  const { setUpLibrary } = await import('../dist/src/setup/library.js');
  const { SetupProblem } = await import('../dist/src/setup/problem.js');
  try {
    await setUpLibrary();
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    console.log(`Going on with WebAssembly, which is slower: ${error.message}`);
  }
}

const next = `Look at it     ${page}  (in a browser)
Change it      notebooks/quickstart.ipynb, then: npx tensorcell run notebooks/quickstart.ipynb
In Jupyter     npx tensorcell install, then open notebooks/ in JupyterLab or VS Code
All commands   npx tensorcell --help`;

/** What the notebook's cell tagged `accuracy` says. */
function readAccuracy() {
  const { cells } = JSON.parse(readFileSync(notebook, 'utf8'));
  const cell = cells.find(({ metadata }) => metadata.tags?.includes('accuracy'));
  const text = JSON.stringify(cell?.outputs ?? []);
  const found = /\d+(?:\.\d+)? ?%/.exec(text);
  if (!found) throw new Error(`${notebook}: no cell tagged "accuracy" has a percentage in its output`);
  return found[0];
}

// Ends whatever is still open: the kernel has been shut down by now.
process.exit(await start());
