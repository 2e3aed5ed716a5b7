// TensorFlow.js as a session loads it: at once, whole, silent, and on the backend that was asked for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { checkBackends, chooseBackend } from '../../src/tensor/backends.ts';
import { load } from '../../src/tensor/load.ts';
import { converterPackage, core, cpuPackage, layers } from '../../src/tensor/packages.ts';

const module = new URL('../../src/tensor/load.js', import.meta.url).href;

/** Runs a program that has `load`, and gives what it printed. */
function program(
  code: string,
  env: Record<string, string> = {},
): { stdout: string; stderr: string; status: number | null } {
  const args = ['--input-type=module', '-e', `import { load } from ${JSON.stringify(module)};\n${code}`];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

describe('loading TensorFlow.js', () => {
  it('is synchronous, prints nothing, and computes at once', () => {
    const done = program(
      `const tf = load(); console.log(tf.getBackend(), tf.tensor([1, 2]).add(1).dataSync().join());`,
    );
    assert.deepEqual([done.stdout, done.stderr], [`${chooseBackend().name} 2,3\n`, '']);
  });

  it('stays silent when it borrows from the plain backend, and when that is chosen', () => {
    const done = program(`const tf = load();
      tf.acosh(tf.tensor([1, 2], [2], 'int32')); await tf.setBackend('cpu'); tf.ones([2]).square().dataSync();
      console.log(tf.getBackend());`);
    assert.deepEqual([done.stdout, done.stderr], ['cpu\n', '']);
  });

  it('leaves no listeners for errors on the process', () => {
    const done = program(
      `load(); console.log(process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection'));`,
    );
    assert.equal(done.stdout, '0 0\n');
  });

  it('gives one instance, with every export of its packages', () => {
    const tf = load();
    assert.equal(load(), tf);
    const missing = [core, layers, converterPackage(), cpuPackage()]
      .flatMap((part) => Object.keys(part))
      .filter((name) => !(name in tf));
    assert.deepEqual(missing, []);
    assert.equal(typeof tf.data.csv, 'function');
    assert.equal(tf.version.tfjs, '4.22.0');
    assert.equal(tf.version['tfjs-core'], tf.version_core);
  });

  it('gives tensors their methods', () => {
    const x = load().tensor2d([
      [1, 2],
      [3, 4],
    ]) as unknown as Record<string, (...values: unknown[]) => { dataSync(): ArrayLike<number>; shape: number[] }>;
    assert.deepEqual([...Array.from(x.matMul!(x).dataSync())], [7, 10, 15, 22]);
    assert.deepEqual(x.concat!(x, 1).shape, [2, 4]);
    assert.deepEqual(x.stack!([x, x]).shape, [3, 2, 2]);
    assert.deepEqual(x.as1D!().shape, [4]);
    const chosen = x.where!(x.greater!(2), x.neg!());
    assert.deepEqual([...Array.from(chosen.dataSync())], [-1, -2, 3, 4]);
    const gone = load().scalar(1);
    gone.dispose();
    assert.throws(() => (gone as unknown as { square(): void }).square(), /disposed/);
  });

  it('says what is missing of WebGL', () => {
    const tf = load();
    assert.throws(() => tf.setWebGLContext(), /WebGL needs a browser/);
  });
});

describe('the choice of a backend', () => {
  it('takes the first that is available', () => {
    const row = (name: string, available: boolean) => ({
      name,
      check: () =>
        available ? ({ available, device: 'here' } as const) : ({ available, reason: 'no driver' } as const),
      memory: () => '1 GB',
      open: () => assert.fail('not to be opened'),
    });
    const rows = [row('first', false), row('second', true), row('third', true)];
    assert.equal(chooseBackend('', rows).name, 'second');
    assert.equal(chooseBackend('third', rows).name, 'third');
    assert.throws(() => chooseBackend('first', rows), /first can't be used here: no driver/);
    assert.throws(() => chooseBackend('fourth', rows), /must be one of first, second, third, got fourth/);
    assert.deepEqual(checkBackends(rows)[0], { name: 'first', available: false, reason: 'no driver' });
  });

  it('follows TENSORCELL_BACKEND', () => {
    assert.equal(program('console.log(load().getBackend())', { TENSORCELL_BACKEND: 'cpu' }).stdout, 'cpu\n');
    const wrong = program('load()', { TENSORCELL_BACKEND: 'quantum' });
    assert.match(
      wrong.stderr,
      /RangeError: TENSORCELL_BACKEND: must be one of tensorflow, webgpu, wasm, cpu, got quantum/,
    );
  });

  it('can be changed at any time, tensors moving along', async () => {
    const tf = load();
    await tf.setBackend('wasm');
    const [x, z] = [tf.range(0, 4), tf.complex([1, 2], [3, 4])];
    await tf.setBackend('cpu');
    assert.deepEqual([...tf.square(x).dataSync()], [0, 1, 4, 9]);
    await tf.setBackend('wasm');
    assert.deepEqual([...tf.square(x).dataSync(), ...tf.imag(z).dataSync()], [0, 1, 4, 9, 3, 4]);
  });
});
