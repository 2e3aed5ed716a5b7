// The package as a person gets it: packed by npm, installed from the tarball with scripts off, used from Jupyter and from a program,
// upgraded, removed. The packages it depends on come from npm's cache or the registry.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KernelClient } from '../../kernel/client.ts';
import { call, environment, home, listing, npm, pack, ROOT, work } from './project.ts';

after(() => rmSync(work, { recursive: true, force: true }));

const tarball = await pack();
const version = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

// A path that a person may well have, in Windows' and macOS' usual folders too.
const folder = join(work, 'Meine Hefte', 'Größen ✓');
const prefix = join(work, 'global prefix');
const elsewhere = join(work, 'third folder');
for (const path of [folder, prefix, elsewhere]) mkdirSync(path, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');

const installed = await npm(['install', '--ignore-scripts', tarball.path], folder);
/** Only a registry out of reach excuses; any other failure is one. */
const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(installed.stderr);
const skip = installed.code !== 0 && offline && 'the npm registry can’t be reached';

const bin = join(folder, 'node_modules', 'tensorcell', 'bin', 'tensorcell.js');
const tensorcell = (args: string[], options = {}) => call(process.execPath, [bin, ...args], options);
const specAt = (place: string) => join(place, 'share', 'jupyter', 'kernels', 'tensorcell', 'kernel.json');
const argvAt = (place: string) => (JSON.parse(readFileSync(specAt(place), 'utf8')) as { argv: string[] }).argv;

test('npm pack builds first; the tarball is small and holds what runs and nothing else', () => {
  assert.ok(tarball.size < 10e6, `${tarball.size} bytes`);
  for (const file of [
    'bin/tensorcell.js',
    'app/src/index.js',
    'dist/src/index.d.ts',
    'app/src/host.cjs',
    'app/kernel/main.cjs',
    'LICENSE',
  ])
    assert.ok(tarball.files.includes(file), file);
  const odd = tarball.files.filter(
    (file) =>
      /\.map$|test|bench|node_modules|tsbuildinfo/.test(file) ||
      !/^(app|bin|dist\/src|kernelspec|notebooks|python)\/|^[^/]+$/.test(file),
  );
  assert.deepEqual(odd, []);
});

test('installed with scripts off into an empty folder, it works there', { skip }, async () => {
  assert.equal(installed.code, 0, installed.stderr);
  assert.equal((await npm(['exec', '--offline', '--', 'tensorcell', '--version'], folder)).stdout, `${version}\n`);
  const { code, stdout } = await tensorcell(['doctor']);
  assert.equal(code, 0, stdout);
});

test('a program imports it, and TypeScript knows its types', { skip }, async () => {
  const program = `
    import { display, html, vegaLite, type Chart } from 'tensorcell';
    import { mnist, readIdx, type DigitTensors } from 'tensorcell/data';
    import type { AdamW, Schedule } from 'tensorcell/nn';
    const chart: Chart = vegaLite({ mark: 'point', data: { values: [] } });
    // @ts-expect-error A shape is not text: the types of tensors are there.
    const text = (digits: DigitTensors): string => digits.images.shape;
    const schedule: Schedule = (step) => step / 2;
    // @ts-expect-error Its learning rate is a number.
    const decay = (optimizer: AdamW): string => optimizer.weightDecay;
    // @ts-expect-error There is no such option.
    const wrong = () => mnist({ nonsense: true });
    console.log([display, readIdx, html, text, wrong, schedule, decay].map((one) => typeof one).join(), chart.constructor.name);`;
  writeFileSync(join(folder, 'program.ts'), program);
  const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true, types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  const compiled = await call(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder]);
  assert.deepEqual(compiled, { code: 0, stdout: '', stderr: '' });
  const { code, stdout, stderr } = await call(process.execPath, [join(folder, 'program.js')]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^(function,){6}function \w+\n$/);
});

const { testPython } = (await import(new URL('scripts/python.js', `file://${ROOT}`).href)) as {
  testPython(): Promise<string | undefined>;
};
const python = await testPython();
const noPython = skip || (python ? false : 'no Python with Jupyter’s clients could be had');

test('nbclient runs a notebook in a third folder by the installed kernelspec; nothing is written where the package lies', {
  skip: noPython,
}, async () => {
  const before = await listing(folder);
  const place = join(work, 'environment');
  assert.equal((await tensorcell(['install', '--prefix', place])).code, 0);
  assert.equal(realpathSync(argvAt(place)[1]!), realpathSync(bin));
  const stdout = await runNotebook(place, [
    'const words: string = "grüße";\nconsole.log(words)',
    'import { basename } from "node:path";\nbasename(process.cwd())',
    'tf.tensor([1, 2, 3]).sum().dataSync()[0]',
    'import { vegaLite } from "tensorcell";\nvegaLite({ mark: "point", data: { values: [{ a: 1 }] }, encoding: { x: { field: "a" } } })',
  ]);
  assert.deepEqual(stdout.slice(0, 3), ['grüße\n', "'third folder'", '6']);
  assert.match(stdout[3]!, /image\/png image\/svg\+xml/);
  assert.deepEqual(await listing(folder), before);
});

/** Executes cells as a notebook of the folder elsewhere; resolves to each cell's first output: its text, or a picture's types. */
async function runNotebook(place: string, sources: readonly string[]): Promise<string[]> {
  const cells = sources.map((source, index) => {
    return { cell_type: 'code', id: `c${index}`, metadata: {}, source, outputs: [], execution_count: null };
  });
  const kernelspec = { name: 'tensorcell', display_name: 'TypeScript (Tensorcell)', language: 'typescript' };
  const path = join(elsewhere, 'notebook.ipynb');
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells }));
  const script = join(ROOT, 'test', 'package', 'nbclient_run.py');
  const env = { JUPYTER_PATH: join(place, 'share', 'jupyter'), IPYTHONDIR: join(work, 'ipython') };
  const { code, stderr } = await call(python!, [script, path], { env });
  assert.equal(code, 0, stderr);
  const done = JSON.parse(readFileSync(path, 'utf8')) as {
    cells: { outputs: { text?: string[]; data?: Record<string, string | string[]> }[] }[];
  };
  return done.cells.map(({ outputs: [output] }) => {
    const types = Object.keys(output?.data ?? {}).sort();
    if (types.includes('image/png')) return types.join(' ');
    return [output?.text ?? output?.data?.['text/plain']].flat().join('');
  });
}

test('a user who may not write where it is installed runs cells all the same', {
  skip: skip || (process.getuid?.() !== 0 && 'only root can run as another user'),
}, async () => {
  const own = join(work, 'nobody');
  mkdirSync(own);
  chmodSync(own, 0o777);
  const cells = join(own, 'cells.ts');
  writeFileSync(cells, '// %%\nconsole.log(tf.ones([2]).sum().dataSync()[0])\n');
  const options = { cwd: own, nobody: true, env: { HOME: own, TMPDIR: own } };
  const { code, stdout, stderr } = await tensorcell(['run', cells, '-o', join(own, 'out.ipynb')], options);
  assert.equal(code, 0, stdout + stderr);
  assert.match(readFileSync(join(own, 'out.ipynb'), 'utf8'), /"2\\n"/);
  const refused = await tensorcell(['install', '--prefix', folder], options);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^tensorcell install: .* is not writable; try tensorcell install [^\n]+\n$/);
  assert.ok(!existsSync(join(folder, 'share')));
});

const place = join(work, 'older');

test('upgraded in place, the kernelspec of the older version starts the newer', { skip }, async () => {
  const older = await pack('0.0.1');
  const command = process.platform === 'win32' ? join(prefix, 'tensorcell.cmd') : join(prefix, 'bin', 'tensorcell');
  const put = async (path: string) => {
    const { code, stderr } = await npm(['install', '-g', '--prefix', prefix, '--ignore-scripts', path], work);
    assert.equal(code, 0, stderr);
  };
  await put(older.path);
  assert.equal((await call(command, ['--version'])).stdout, '0.0.1\n');
  assert.equal((await call(command, ['install', '--prefix', place])).code, 0);
  assert.equal(await startBySpec(), '0.0.1');
  await put(tarball.path);
  assert.equal(await startBySpec(), version);
});

/** Starts the kernel as its kernelspec says, runs a cell, and resolves to the version that it says it is. */
async function startBySpec(): Promise<string> {
  const spec = {
    name: 'tensorcell',
    displayName: '',
    language: 'typescript',
    argv: argvAt(place),
    env: {},
    interruptMode: 'message',
    folder: place,
  } as const;
  await using client = await KernelClient.start({
    spec,
    cwd: elsewhere,
    env: { HOME: home, TENSORCELL_HISTORY: 'off' },
  });
  const { reply } = await client.run('1 + 1', { userExpressions: { sum: '40 + 2' } });
  assert.equal(reply.status, 'ok');
  return client.info.implementation_version;
}

test('removed, it leaves nothing: no kernelspec, no folder, nothing in the person’s home', { skip }, async () => {
  assert.equal((await tensorcell(['uninstall', '--prefix', place])).code, 0);
  assert.deepEqual(readdirSync(place), []);
  const { code, stderr } = await npm(['uninstall', '-g', '--prefix', prefix, 'tensorcell'], work);
  assert.equal(code, 0, stderr);
  const rest = (await listing(prefix)).filter((line) => line.includes('tensorcell'));
  assert.deepEqual(rest, []);
  // History and settings come with use; installing, running notebooks and removing touch no home.
  assert.deepEqual(readdirSync(home), []);
  assert.equal(environment.TENSORCELL_HOME, undefined);
});

test('a Node that is too old gives one line with what to do', { skip }, async () => {
  const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`;
  const { code, stdout, stderr } = await call(process.execPath, ['--import', old, bin, '--version']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /^tensorcell: needs Node\.js 20\.18 or newer, this is 18\.20\.4: get one from https:\/\/nodejs\.org\n$/,
  );
});

test('without a Python, --sys-prefix gives one line with another way, and installs nothing', { skip }, async () => {
  const { code, stderr } = await tensorcell(['install', '--sys-prefix'], { env: { PATH: join(work, 'empty') } });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^tensorcell install: --sys-prefix: there is no Python on the path; use --user or --prefix DIR\n$/,
  );
  assert.deepEqual(readdirSync(home), []);
});
