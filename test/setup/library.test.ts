// Getting TensorFlow's library from small wheels in a folder that stands for the package index: layout, sums, what is left behind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { keptLibraries } from '../../src/home.ts';
import { cudaRequirements } from '../../src/setup/cuda.ts';
import { findDriver } from '../../src/setup/driver.ts';
import { getLibrary } from '../../src/setup/library.ts';
import { SetupProblem } from '../../src/setup/problem.ts';
import { type Build, findBuild } from '../../src/setup/wheels.ts';
import { makeWheel, type WheelFile } from './wheel-maker.ts';

const root = mkdtempSync(join(tmpdir(), 'tensorcell-library-'));
after(() => rmSync(root, { recursive: true, force: true }));

const TAG = 'cp313-cp313-manylinux_2_27_x86_64';
const LIBRARIES: readonly WheelFile[] = [
  { name: 'tensorflow/libtensorflow_cc.so.2', text: 'cc '.repeat(1000) },
  { name: 'tensorflow/libtensorflow_framework.so.2', text: 'framework' },
  { name: 'tensorflow/python/ops.py', text: 'not needed' },
];

let index = '';
let home = '';
let cases = 0;

beforeEach(() => {
  const own = join(root, `case-${++cases}`);
  [index, home] = [join(own, 'index'), join(own, 'home')];
  mkdirSync(index, { recursive: true });
  Object.assign(process.env, { TENSORCELL_HOME: home, PIP_NO_INDEX: '1', PIP_FIND_LINKS: index });
});

/** A build whose wheel is in the index. */
function publish(variant: 'cpu' | 'cuda', files = LIBRARIES, requires: readonly string[] = []): Build {
  const name = variant === 'cpu' ? 'tensorflow_cpu' : 'tensorflow';
  const { sha256 } = makeWheel(index, { name, version: '2.21.0', tag: TAG, requires, files });
  const platforms = ['manylinux_2_27_x86_64', 'manylinux2014_x86_64'];
  return { variant, version: '2.21.0', package: name.replace('_', '-'), platforms, sha256, download: 1, disk: 1 };
}

const tree = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

const noPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0 ? false : 'no Python with pip';

describe('the library of TensorFlow', { skip: noPip }, () => {
  test('is laid out with the two files that are needed, nothing half beside it, and is then known', async () => {
    const folder = await getLibrary(publish('cpu'));
    assert.deepEqual(tree(home), [
      'libtensorflow/2.21.0-cpu/tensorflow/libtensorflow_cc.so.2',
      'libtensorflow/2.21.0-cpu/tensorflow/libtensorflow_framework.so.2',
      'libtensorflow/chosen',
    ]);
    assert.equal(readFileSync(join(folder, 'libtensorflow_cc.so.2'), 'utf8'), 'cc '.repeat(1000));
    assert.deepEqual(keptLibraries(), [{ version: '2.21.0', variant: 'cpu', folder }]);
  });

  test('is asked of nobody a second time', async () => {
    const build = publish('cpu');
    const folder = await getLibrary(build);
    process.env.PIP_FIND_LINKS = join(root, 'nowhere');
    assert.equal(await getLibrary(build), folder);
  });

  test('with CUDA has beside it what its own metadata asks for, programs still executable', async () => {
    const nvidia = (part: string, files: readonly WheelFile[]) =>
      makeWheel(index, { name: `nvidia_${part}_cu12`, version: '12.9.1', tag: 'py3-none-manylinux2014_x86_64', files });
    nvidia('cublas', [
      { name: 'nvidia/cublas/lib/libcublas.so.12', text: 'cublas' },
      { name: 'nvidia/cublas/include/cublas.h', text: 'not needed' },
    ]);
    nvidia('cuda_nvcc', [
      { name: 'nvidia/cuda_nvcc/bin/ptxas', text: 'ptxas', executable: true },
      { name: 'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc', text: 'bitcode' },
    ]);
    const folder = await getLibrary(
      publish('cuda', LIBRARIES, [
        'numpy>=1.26.0',
        'nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
        'nvidia-cuda-nvcc-cu12<13.0,>=12.5.82; extra == "and-cuda"',
      ]),
    );
    assert.deepEqual(tree(join(folder, '..', 'nvidia')), [
      'cublas/lib/libcublas.so.12',
      'cuda_nvcc/bin/ptxas',
      'cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
    ]);
    assert.equal(statSync(join(folder, '..', 'nvidia', 'cuda_nvcc', 'bin', 'ptxas')).mode & 0o111, 0o111);
    assert.deepEqual(readdirSync(join(home, 'libtensorflow')).sort(), ['2.21.0-cuda', 'chosen']);
  });

  test('that was asked for last comes first', async () => {
    const [cpu, cuda] = [publish('cpu'), publish('cuda')];
    for (const [build, order] of [
      [cpu, ['cpu']],
      [cuda, ['cuda', 'cpu']],
      [cpu, ['cpu', 'cuda']],
    ] as const) {
      await getLibrary(build);
      assert.deepEqual(
        keptLibraries().map(({ variant }) => variant),
        order,
      );
    }
  });

  test('goes on after a lost connection with the wheels that have come', async () => {
    const build = publish('cuda', LIBRARIES, ['nvidia-late-cu12>=12; extra == "and-cuda"']);
    await assert.rejects(getLibrary(build), /package index can’t be reached/);
    assert.deepEqual(keptLibraries(), []);
    rmSync(join(index, `tensorflow-2.21.0-${TAG}.whl`));
    const files = [{ name: 'nvidia/late/lib/liblate.so.1', text: 'late' }];
    makeWheel(index, { name: 'nvidia_late_cu12', version: '12.1', tag: 'py3-none-manylinux2014_x86_64', files });
    const folder = await getLibrary(build);
    assert.ok(existsSync(join(folder, '..', 'nvidia', 'late', 'lib', 'liblate.so.1')));
  });

  test('of another sum is refused, be it the wheel’s or a file’s in it, and nothing of it is kept', async () => {
    const other = { ...publish('cpu'), sha256: '0'.repeat(64) };
    await assert.rejects(getLibrary(other), /has the SHA-256 \w+, must have 0{64}: it is not used/);
    assert.deepEqual(tree(home), []);
    const [first, ...rest] = LIBRARIES;
    const damaged = publish('cpu', [{ ...first!, wrongSum: true }, ...rest]);
    await assert.rejects(getLibrary(damaged), /libtensorflow_cc\.so\.2 has the SHA-256/);
    assert.deepEqual(keptLibraries(), []);
  });

  test('is got once by two processes at a time, both content', async () => {
    const build = publish('cpu');
    const folders = await Promise.all([getLibrary(build), getLibrary(build)]);
    assert.equal(folders[0], folders[1]);
    assert.deepEqual(readdirSync(join(home, 'libtensorflow')).sort(), ['2.21.0-cpu', 'chosen']);
  });

  test('takes up what a killed download left whole, and takes the rest away', async () => {
    const left = join(home, 'libtensorflow', `.work-${hostname()}-${2 ** 22 + 1}-12345678`);
    for (const folder of ['pip', 'wheels-2.21.0-cpu']) mkdirSync(join(left, folder), { recursive: true });
    writeFileSync(join(left, 'pip', 'half.whl'), 'half');
    const build = publish('cpu');
    const name = `tensorflow_cpu-2.21.0-${TAG}.whl`;
    renameSync(join(index, name), join(left, 'wheels-2.21.0-cpu', name));
    await getLibrary(build);
    assert.deepEqual(readdirSync(join(home, 'libtensorflow')).sort(), ['2.21.0-cpu', 'chosen']);
  });

  test('is not begun on a disk that it would fill', async () => {
    await assert.rejects(getLibrary({ ...publish('cpu'), disk: 1e12 }), (error: Error) => {
      assert.ok(error instanceof SetupProblem);
      assert.match(error.message, /MB free, TensorFlow 2\.21\.0 \(cpu\) needs 10{11}1$/);
      return true;
    });
  });
});

test('the requirements of CUDA are those of the extra and-cuda alone', () => {
  const metadata =
    'Requires-Dist: numpy>=1.26.0\nRequires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"\nRequires-Dist: io>=1; (sys_platform != "win32") and extra == "gcs"\n';
  assert.deepEqual(cudaRequirements(metadata), ['nvidia-nccl-cu12<3.0,>=2.27.7']);
});

test('NVIDIA’s driver is seen by its library, and by nothing where there is none', async () => {
  const folder = join(root, 'driver');
  mkdirSync(folder);
  const env = { PATH: folder };
  assert.equal(await findDriver(env, [folder]), undefined);
  writeFileSync(join(folder, 'libcuda.so.1'), '');
  assert.deepEqual(await findDriver(env, [folder]), { seen: join(folder, 'libcuda.so.1'), gpus: [] });
});

test('a machine that TensorFlow has no build for has none here', () => {
  assert.equal(findBuild('cuda', 'darwin', 'arm64'), undefined);
  assert.equal(findBuild('cpu', 'linux', 'x64')?.package, 'tensorflow-cpu');
});
