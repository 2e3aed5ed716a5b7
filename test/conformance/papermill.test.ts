// papermill, taught by `tensorcell setup --papermill`, as a person with an environment of their own has it.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { COMMAND, JupyterRig } from './python.ts';

const rig = await JupyterRig.make();
const skip = rig ? false : 'no Python with Jupyter’s clients could be had';

/** An environment that has what the tests' has, and room for more of its own. */
async function freshEnvironment(): Promise<string> {
  const folder = join(rig!.folder, 'venv');
  const made = await rig!.module('venv', '--without-pip', folder);
  assert.equal(made.code, 0, made.stderr);
  const packages = async (python: string) =>
    (await rig!.run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'])).stdout.trim();
  const python = join(folder, 'bin', 'python');
  writeFileSync(join(await packages(python), 'tests.pth'), await packages(rig!.python));
  return python;
}

interface Outcome {
  readonly code: number | null;
  readonly stderr: string;
  /** What each cell holds and shows. */
  readonly cells: { source: string; shown: string[] }[];
}

async function papermill(python: string, input: string, ...args: string[]): Promise<Outcome> {
  const output = join(rig!.folder, 'out.ipynb');
  const run = ['-m', 'papermill', input, output, '-k', 'tensorcell', '--no-progress-bar', ...args];
  const { code, stderr } = await rig!.run(python, run);
  // papermill keeps the parameters in the notebook's metadata, NaN in a form that is no JSON.
  const text = readFileSync(output, 'utf8').replace(/: (NaN|-Infinity)(,?)$/gm, ': null$2');
  const { cells } = JSON.parse(text) as {
    cells: { source: string | string[]; outputs?: { data?: Record<string, string>; text?: string | string[] }[] }[];
  };
  return {
    code,
    stderr,
    cells: cells.map(({ source, outputs = [] }) => {
      const shown = outputs.map(({ data, text }) => [data?.['text/plain'] ?? text ?? ''].flat().join(''));
      return { source: [source].flat().join(''), shown };
    }),
  };
}

test('without papermill, setup --papermill is one line that says what to do', { skip }, async () => {
  const empty = join(rig!.folder, 'empty');
  mkdirSync(empty);
  const { code, stderr } = await rig!.run(process.execPath, [COMMAND, 'setup', '--papermill'], { PATH: empty });
  assert.equal(code, 1);
  assert.equal(
    stderr,
    'tensorcell setup: there is no papermill on the path: pip install papermill, then again; or use tensorcell run, which needs none\n',
  );
});

test('after setup --papermill, papermill sets the parameters of a notebook behind its cell of defaults', {
  skip,
}, async () => {
  const python = await freshEnvironment();
  // The command may lie apart from its Python, as pipx has it; its first line tells.
  const scripts = join(rig!.folder, 'scripts');
  mkdirSync(scripts);
  writeFileSync(join(scripts, 'papermill'), `#!${python}\nfrom papermill.cli import papermill; papermill()\n`);
  chmodSync(join(scripts, 'papermill'), 0o755);
  const before = readdirSync(new URL('../../../python', import.meta.url));
  for (let time = 1; time <= 2; time++) {
    const setup = await rig!.run(process.execPath, [COMMAND, 'setup', '--papermill'], {
      PATH: [scripts, process.env.PATH].join(delimiter),
    });
    assert.equal(setup.code, 0, setup.stderr);
    assert.match(setup.stdout, /^papermill can now set the parameters .*venv\/bin\/python/);
  }
  assert.deepEqual(readdirSync(new URL('../../../python', import.meta.url)), before, 'nothing is left in our folder');

  const input = rig!.notebook('in.ipynb', [
    {
      source: 'let rate: number = 0.01; // the step\nlet name = "a // b"; let names: string[] = [];',
      tags: ['parameters'],
    },
    'console.log(rate, name, names); typeof rate',
  ]);
  const given = ['-p', 'rate', '0.1', '-p', 'name', 'Größe "x"\n', '-y', '{names: [a, 1.5, true, null]}'];
  const { code, stderr, cells } = await papermill(python, input, ...given);
  assert.equal(code, 0, stderr);
  assert.equal(cells.length, 3);
  assert.match(cells[1]!.source, /^\/\/ Parameters\nlet /);
  assert.match(cells[1]!.source, /^let rate = 0\.1;$/m);
  assert.deepEqual(cells[2]!.shown, [`0.1 Größe "x"\n [ 'a', 1.5, true, null ]\n`, `'number'`]);
});

test('values that JavaScript has no exact or plain form for arrive as what they are', { skip }, async () => {
  const python = join(rig!.folder, 'venv', 'bin', 'python');
  const input = rig!.notebook('in.ipynb', ['({ big, small, odd, day, nested, nan, inf, empty })']);
  const values = `{big: 12345678901234567890, small: -9007199254740991, odd: "\\u2028\\\\ \${x} \`", day: 2026-01-02,
    nested: {"a b": {"__proto__": 1}}, nan: .nan, inf: -.inf, empty: ""}`;
  const { code, stderr, cells } = await papermill(python, input, '-y', values);
  assert.equal(code, 0, stderr);
  const shown = cells[1]!.shown.join('');
  for (const part of [
    'big: 12345678901234567890n',
    'small: -9007199254740991',
    "day: '2026-01-02'",
    "['__proto__']: 1",
    'nan: NaN',
    'inf: -Infinity',
    "empty: ''",
  ])
    assert.ok(shown.includes(part), `${part} in ${shown}`);
});

test('a cell that fails ends papermill with its error, the notebook so far written', { skip }, async () => {
  const python = join(rig!.folder, 'venv', 'bin', 'python');
  const input = rig!.notebook('in.ipynb', ['const first = 1; first', 'throw new RangeError(`at ${rate}`)', '"never"']);
  const { code, stderr, cells } = await papermill(python, input, '-p', 'rate', '3');
  assert.equal(code, 1);
  assert.match(stderr, /RangeError: at 3/);
  assert.ok(cells.some(({ shown }) => shown.includes('1')));
  assert.ok(!cells.some(({ shown }) => shown.includes("'never'")));
});

test('papermill --help-notebook lists the parameters with their types, defaults and comments', { skip }, async () => {
  const python = join(rig!.folder, 'venv', 'bin', 'python');
  const source =
    'let rate: number = 0.01; // the step\nconst page = "https://x.org/a;b";\n// let no = 1\nlet n = 6 / 2;';
  const input = rig!.notebook('in.ipynb', [{ source, tags: ['parameters'] }]);
  const { code, stdout, stderr } = await rig!.run(python, ['-m', 'papermill', '--help-notebook', input]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    stdout
      .split('\n')
      .filter((line) => line.includes('default'))
      .map((line) => line.trim().replace(/\s+/g, ' ')),
    [
      'rate: number (default 0.01) the step',
      'page: Unknown type (default "https://x.org/a;b")',
      'n: Unknown type (default 6 / 2)',
    ],
  );
});
