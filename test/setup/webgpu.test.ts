// Getting what WebGPU needs from a registry on this machine: layout, sums, what is left behind.
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { keptWebgpu, webgpuFolder } from '../../src/home.ts';
import { findNpm } from '../../src/session/packages/find-npm.ts';
import { hasAdapter } from '../../src/setup/adapter.ts';
import { SetupProblem } from '../../src/setup/problem.ts';
import { unpackTar } from '../../src/setup/tar.ts';
import { getWebgpu, type Packages } from '../../src/setup/webgpu.ts';
import { packed, startRegistry } from '../session/registry.ts';

const root = mkdtempSync(join(tmpdir(), 'tensorcell-webgpu-setup-'));
after(() => rmSync(root, { recursive: true, force: true }));
const registry = await startRegistry();
Object.assign(process.env, { npm_config_registry: registry.url, npm_config_fetch_retries: '0' });

const build = `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;
const kernels = {
  'dist/tf-backend-webgpu.node.js': 'the kernels',
  'dist/tf-backend-webgpu.min.js': 'not needed',
  'dist/kernels/Add.js': 'a module',
  'dist/kernels/Add.d.ts': 'its types',
  'dist/kernels/Add.js.map': 'not needed',
  'dist/miniprogram/index.js': 'not needed',
};
const dawn = {
  [`dist/${build}/dawn.node`]: 'dawn '.repeat(100_000),
  'dist/another-machine/dawn.node': 'not needed',
  'LICENSE.md': 'BSD',
};

let home = '';
let cases = 0;
beforeEach(() => {
  home = join(root, `case-${++cases}`);
  process.env.TENSORCELL_HOME = home;
});

/** Publishes both packages, with a version of their own, and tells what to ask for. */
function publish(files = { dawn, kernels } as Record<keyof Packages, Record<string, string>>): Packages {
  const make = (name: string, own: Record<string, string>) => {
    const version = `1.0.${cases}`;
    const integrity = registry.add(name, { [version]: { files: own } });
    return { name, version, integrity: integrity[version]! };
  };
  return { dawn: make('webgpu', files.dawn), kernels: make('@tensorflow/tfjs-backend-webgpu', files.kernels) };
}

const tree = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

describe('the packages of WebGPU', { skip: findNpm() ? false : 'the npm registry can’t be reached: no npm' }, () => {
  it('are laid out with what this machine needs, nothing half beside it, and are then known', async () => {
    assert.equal(keptWebgpu(), undefined);
    await getWebgpu(publish());
    assert.deepEqual(tree(webgpuFolder()), [
      'dawn/LICENSE.md',
      'dawn/dawn.node',
      'tfjs-backend-webgpu/dist/kernels/Add.d.ts',
      'tfjs-backend-webgpu/dist/kernels/Add.js',
      'tfjs-backend-webgpu/dist/tf-backend-webgpu.node.js',
      'tfjs-backend-webgpu/package.json',
    ]);
    assert.equal(readFileSync(join(keptWebgpu()!.dawn, 'dawn.node'), 'utf8'), 'dawn '.repeat(100_000));
    assert.equal(readdirSync(join(home, 'webgpu')).length, 1);
  });

  it('are asked of nobody a second time, and got once by two at a time', async () => {
    const packages = publish();
    await Promise.all([getWebgpu(packages), getWebgpu(packages)]);
    const before = registry.asked.length;
    await getWebgpu(packages);
    assert.equal(registry.asked.length, before);
    assert.equal(readdirSync(join(home, 'webgpu')).length, 1);
  });

  it('of another sum are refused, and nothing of them is kept', async () => {
    const packages = publish();
    const other = { ...packages, dawn: { ...packages.dawn, integrity: 'sha512-other' } };
    await assert.rejects(
      getWebgpu(other),
      /^Error: the package webgpu 1\.0\.\d has the sum sha512-\S+, must have sha512-other: it is not used$/,
    );
    assert.deepEqual(tree(home), []);
  });

  it('that have come whole outlive a failure of the next', async () => {
    const packages = publish();
    const absent = { ...packages, kernels: { ...packages.kernels, version: '9.9.9' } };
    await assert.rejects(getWebgpu(absent), (error) => error instanceof SetupProblem);
    assert.equal(keptWebgpu(), undefined);
    registry.asked.length = 0;
    await getWebgpu(packages);
    assert.ok(!registry.asked.some((path) => path.startsWith('/webgpu')), registry.asked.join());
    assert.ok(keptWebgpu());
  });

  it('without a build for this machine are refused', async () => {
    const files = { kernels, dawn: { 'dist/another-machine/dawn.node': 'not needed' } };
    await assert.rejects(getWebgpu(publish(files)), /the packages of WebGPU hold no dawn\/dawn\.node/);
    assert.equal(keptWebgpu(), undefined);
  });
});

it('an archive that is cut off, is none, or leads out of its folder is refused', async () => {
  const file = join(root, 'archive.tgz');
  const large = Array.from({ length: 1e5 }, (_, i) => i).join();
  const tarball = packed({ 'large.txt': large, '../../out.txt': 'out' });
  writeFileSync(file, tarball);
  const to = join(root, 'unpacked');
  await assert.rejects(unpackTar(file, to, { place: (name) => name }), /leads out of its folder/);
  assert.deepEqual(await unpackTar(file, to, { place: (name) => (name.includes('large') ? 'here.txt' : undefined) }), [
    'here.txt',
  ]);
  assert.equal(readFileSync(join(to, 'here.txt'), 'utf8'), large);
  truncateSync(file, Math.floor(tarball.length / 2));
  await assert.rejects(unpackTar(file, to, { place: (name) => name }));
  writeFileSync(file, 'no archive');
  await assert.rejects(unpackTar(file, to, { place: (name) => name }));
});

it('a machine has an adapter where it has a GPU and a Vulkan driver for it, or Metal', () => {
  const [drivers, devices] = [join(root, 'icd.d'), join(root, 'dri')];
  for (const folder of [drivers, devices]) mkdirSync(folder);
  const has = () => hasAdapter('linux', [drivers], devices);
  writeFileSync(join(drivers, 'lvp_icd.x86_64.json'), '');
  assert.equal(has(), false);
  writeFileSync(join(devices, 'renderD128'), '');
  assert.equal(has(), false);
  writeFileSync(join(drivers, 'radeon_icd.x86_64.json'), '');
  assert.equal(has(), true);
  assert.equal(hasAdapter('darwin', [], ''), true);
  assert.equal(hasAdapter('win32', [], ''), false);
});
