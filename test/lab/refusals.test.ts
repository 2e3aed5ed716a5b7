// `tensorcell lab` and `setup` where something is in the way: one line that says what, and what mends it; nothing half installed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../bin/tensorcell.js', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'tensorcell-lab-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A folder with Node alone, as the whole of a PATH. */
const onlyNode = join(root, 'node-only');
mkdirSync(onlyNode);
symlinkSync(process.execPath, join(onlyNode, 'node'));

let homes = 0;
function tensorcell(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const home = join(root, `home-${++homes}`);
  mkdirSync(home);
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    encoding: 'utf8',
    cwd: root,
    timeout: 60_000,
    env: { HOME: home, PATH: onlyNode, TENSORCELL_HOME: join(home, 'data'), ...env },
  });
  return { status, stdout, stderr, home };
}

function assertOneLine(stderr: string, wanted: RegExp): void {
  assert.match(stderr, wanted);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
}

/** The programs of a JupyterLab, as far as they are asked: its version, its kernels, and being started. */
function jupyter(name: string, kernelspecs: object): string {
  const bin = join(root, name);
  mkdirSync(bin);
  const program = (file: string, text: string) => {
    writeFileSync(join(bin, file), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, file), 0o755);
  };
  program('jupyter-lab', '[ "$1" = --version ] && echo 4.5.0 && exit 0\necho "started $*" >&2');
  program('jupyter-kernelspec', `echo '${JSON.stringify({ kernelspecs })}'`);
  return [bin, onlyNode, '/usr/bin', '/bin'].join(delimiter);
}

test('without a Python, lab and setup say in one line how to get one', () => {
  for (const command of ['lab', 'setup']) {
    const { status, stderr, home } = tensorcell([command]);
    assert.equal(status, 1);
    // `setup` gets two things, each of which needs one.
    assert.match(stderr, new RegExp(`^(tensorcell ${command}: .*Python.*\n){1,2}$`));
    const left = existsSync(join(home, 'data')) ? readdirSync(join(home, 'data'), { recursive: true }) : [];
    assert.deepEqual(
      left.filter((name) => name !== 'libtensorflow'),
      [],
    );
  }
});

test('a folder or a port that is none is one line', () => {
  assertOneLine(tensorcell(['lab', 'nowhere']).stderr, /^tensorcell lab: .*nowhere is not a folder$/m);
  assertOneLine(tensorcell(['lab', '--port', 'x']).stderr, /^tensorcell lab: --port takes a number/m);
});

test('a data folder that cannot be written is one line, with the variable that mends it', () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  const python = dirname(
    spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout || '.',
  );
  const { status, stderr } = tensorcell(['setup'], {
    TENSORCELL_HOME: join(file, 'below'),
    PATH: [onlyNode, python, '/usr/bin', '/bin'].join(delimiter),
  });
  assert.equal(status, 1);
  assertOneLine(stderr, /^tensorcell setup: .*TENSORCELL_HOME/);
});

test('a JupyterLab of the machine comes first; without the kernel it is left alone, in one line with two ways on', () => {
  const { status, stderr } = tensorcell(['lab', '--no-browser'], { PATH: jupyter('bare', {}) });
  assert.equal(status, 1);
  assertOneLine(
    stderr,
    /jupyter-lab does not know the kernel: tensorcell install \(or add --yes\), or tensorcell lab --private/,
  );
  assert.doesNotMatch(stderr, /started/);
});

test('a JupyterLab that knows another kernel of the name is one line', () => {
  const other = {
    resource_dir: '/elsewhere/kernels/tensorcell',
    spec: { argv: ['node', '/elsewhere/bin/tensorcell.js'] },
  };
  const { status, stderr } = tensorcell(['lab', '--no-browser'], { PATH: jupyter('other', { tensorcell: other }) });
  assert.equal(status, 1);
  assertOneLine(stderr, /knows another kernel "tensorcell" \(\/elsewhere\/kernels\/tensorcell/);
});

test('a JupyterLab that knows the kernel is started in the folder', () => {
  const own = { resource_dir: '/x', spec: { argv: [process.execPath, BIN] } };
  const PATH = jupyter('known', { tensorcell: own });
  const quiet = tensorcell(['lab', '--no-browser', '--port', '8899', '--', '--debug'], { PATH });
  assert.match(quiet.stderr, /started .*port=8899 --no-browser .*--debug/);
  // It opens the browser itself.
  const { stderr } = tensorcell(['lab'], { PATH });
  assert.match(stderr, /started /);
  assert.doesNotMatch(stderr, /--no-browser/);
});
