// `tensorcell install`, `uninstall` and the command line, as a person uses them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../bin/tensorcell.js', import.meta.url));

const folders: string[] = [];
after(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tc-'));
  folders.push(path);
  return path;
}

function tensorcell(args: string[], env: NodeJS.ProcessEnv = {}) {
  const { VIRTUAL_ENV: _v, CONDA_PREFIX: _c, JUPYTER_DATA_DIR: _d, JUPYTER_PATH: _p, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    encoding: 'utf8',
    env: { ...rest, ...env },
  });
  return { status, stdout, stderr };
}

const inPrefix = (prefix: string) => join(prefix, 'share', 'jupyter', 'kernels', 'tensorcell');

test('install puts a whole kernelspec under the prefix, twice as well as once', () => {
  const prefix = folder();
  for (const _ of [1, 2]) assert.equal(tensorcell(['install', '--prefix', prefix]).status, 0);
  const at = inPrefix(prefix);
  assert.deepEqual(readdirSync(at).sort(), ['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg']);
  const spec = JSON.parse(readFileSync(join(at, 'kernel.json'), 'utf8'));
  assert.deepEqual(spec.argv.slice(1), [BIN, 'kernel', '{connection_file}']);
  assert.equal(realpathSync(spec.argv[0]), realpathSync(process.execPath));
  assert.equal(spec.interrupt_mode, 'message');
  assert.equal(spec.language, 'typescript');
  assert.deepEqual(spec.metadata, { supported_encryption: ['curve'] });
});

test('install goes to the person’s folder, or to the active environment when asked', () => {
  const [data, venv] = [folder(), folder()];
  assert.equal(tensorcell(['install'], { JUPYTER_DATA_DIR: data }).status, 0);
  assert.ok(existsSync(join(data, 'kernels', 'tensorcell', 'kernel.json')));
  assert.equal(tensorcell(['install', '--sys-prefix'], { VIRTUAL_ENV: venv }).status, 0);
  assert.ok(existsSync(join(inPrefix(venv), 'kernel.json')));
});

test('the kernelspec starts Node by the link on PATH, which survives an upgrade', {
  skip: process.platform === 'win32',
}, () => {
  const [prefix, bin] = [folder(), folder()];
  symlinkSync(process.execPath, join(bin, 'node'));
  // Links in the folder of temporary files are passed over, so that must be another one here.
  const env = { PATH: bin + delimiter + process.env.PATH, TMPDIR: join(prefix, 'temporary') };
  assert.equal(tensorcell(['install', '--prefix', prefix], env).status, 0);
  const spec = JSON.parse(readFileSync(join(inPrefix(prefix), 'kernel.json'), 'utf8'));
  assert.equal(spec.argv[0], join(bin, 'node'));
});

test('uninstall takes the kernelspec away, and says so when there is none', () => {
  const prefix = folder();
  tensorcell(['install', '--prefix', prefix]);
  assert.equal(tensorcell(['uninstall', '--prefix', prefix]).status, 0);
  assert.deepEqual(readdirSync(prefix), []);
  const again = tensorcell(['uninstall', '--prefix', prefix]);
  assert.equal(again.status, 0);
  assert.match(again.stdout, /^No kernel "tensorcell" in /);
});

test('another kernel of that name is left alone, by both', () => {
  const prefix = folder();
  mkdirSync(inPrefix(prefix), { recursive: true });
  const foreign = JSON.stringify({ argv: ['/usr/bin/other', '{connection_file}'] });
  writeFileSync(join(inPrefix(prefix), 'kernel.json'), foreign);
  for (const verb of ['install', 'uninstall']) {
    const { status, stderr } = tensorcell([verb, '--prefix', prefix]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^tensorcell \w+: .* is another kernel's \(it starts \/usr\/bin\/other\): remove that one first: jupyter kernelspec remove tensorcell\n$/,
    );
  }
  assert.equal(readFileSync(join(inPrefix(prefix), 'kernel.json'), 'utf8'), foreign);
});

test('a folder that is not writable gives one line', {
  skip: process.getuid?.() === 0 && 'root may write everywhere',
}, () => {
  const prefix = folder();
  chmodSync(prefix, 0o555);
  const { status, stderr } = tensorcell(['install', '--prefix', prefix]);
  assert.equal(status, 1);
  assert.match(stderr, /^tensorcell install: .* is not writable; try .*\n$/);
});

test('a disk that is full leaves no half of a kernelspec, and an earlier one whole', {
  skip: process.platform === 'win32',
}, () => {
  // Files of no length are all that may be written: what a full disk does, without one.
  const script = `trap '' XFSZ; ulimit -f 0; exec "${process.execPath}" "${BIN}" install --prefix "$0"`;
  const installFull = (prefix: string) => spawnSync('sh', ['-c', script, prefix], { encoding: 'utf8' });
  const prefix = folder();
  const { status, stderr } = installFull(prefix);
  assert.equal(status, 1);
  assert.match(stderr, /^tensorcell install: EFBIG[^\n]+\n$/);
  assert.deepEqual(readdirSync(prefix), []);
  tensorcell(['install', '--prefix', prefix]);
  const files = () =>
    readdirSync(inPrefix(prefix)).map((file) => `${file}: ${readFileSync(join(inPrefix(prefix), file)).length} bytes`);
  const before = files();
  assert.equal(installFull(prefix).status, 1);
  assert.deepEqual(files(), before);
});

test('a prefix that is a file gives one line', () => {
  const prefix = join(folder(), 'file');
  writeFileSync(prefix, '');
  const { status, stderr } = tensorcell(['install', '--prefix', prefix]);
  assert.equal(status, 1);
  assert.match(stderr, /^tensorcell install: [^\n]+\n$/);
});

test('a badly asked install gives one line and exit code 2', () => {
  for (const args of [['--nonsense'], ['--user', '--sys-prefix'], ['--prefix'], ['extra']]) {
    const { status, stderr } = tensorcell(['install', ...args]);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, /^tensorcell install: [^\n]+\n$/);
  }
});

test('the command line says what there is, and refuses what there is not in one line', () => {
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { status, stdout } = tensorcell(args);
    assert.equal(status, 0);
    for (const command of ['run FILE', 'install', 'uninstall', 'doctor', 'kernel CONNECTION_FILE'])
      assert.ok(stdout.includes(`tensorcell ${command}`), command);
  }
  assert.match(tensorcell(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(tensorcell(['install', '--help']).stdout, /--sys-prefix/);
  for (const [args, words] of [
    [['nonsense'], /there is no command "nonsense"/],
    [['constructor'], /there is no command/],
    [['serve', 'm'], /"serve" is not in this version/],
    [['kernel'], /takes one connection file/],
    [['kernel', 'a', 'b'], /takes one connection file/],
    [['doctor', '--nonsense'], /takes --json/],
  ] as const) {
    const { status, stderr } = tensorcell([...args]);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, words);
    assert.match(stderr, /^[^\n]+\n$/);
  }
});

test('a connection file with a missing field gives its name and exit code 2', () => {
  const path = join(folder(), 'c.json');
  writeFileSync(
    path,
    JSON.stringify({
      transport: 'tcp',
      ip: '127.0.0.1',
      key: '',
      shell_port: 1,
      control_port: 2,
      iopub_port: 3,
      hb_port: 4,
    }),
  );
  const { status, stderr } = tensorcell(['kernel', path]);
  assert.equal(status, 2);
  assert.match(stderr, /^tensorcell kernel: [^\n]*stdin_port must be [^\n]*\n$/);
});

test('the doctor finds a kernelspec that starts what is gone, with the fix', () => {
  const data = folder();
  const at = join(data, 'kernels', 'tensorcell');
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'kernel.json'), JSON.stringify({ argv: ['/gone/node', '/gone/tensorcell.js', 'kernel'] }));
  const { status, stdout } = tensorcell(['doctor', '--json'], { JUPYTER_DATA_DIR: data });
  assert.equal(status, 1);
  const { healthy, checks } = JSON.parse(stdout) as { healthy: boolean; checks: Record<string, string>[] };
  assert.equal(healthy, false);
  const spec = checks.find(({ name }) => name === 'kernelspec');
  assert.equal(spec?.status, 'problem');
  assert.equal(spec?.fix, 'tensorcell install');
  for (const name of ['tensorcell', 'node', 'platform', 'zeromq', 'oxc-parser', 'oxc-transform', 'backend in use'])
    assert.equal(checks.find((check) => check.name === name)?.status, 'ok', name);
});

test('the doctor is content after an install', () => {
  const data = folder();
  tensorcell(['install'], { JUPYTER_DATA_DIR: data });
  const { status, stdout } = tensorcell(['doctor'], { JUPYTER_DATA_DIR: data });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /✓ kernelspec +.*tensorcell, starts .*node/);
});
