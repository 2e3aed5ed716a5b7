// Programs that load the WebGPU backend: they end as they should, and go on with the next backend where it can't run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WEBGPU_VERSIONS } from '../../../src/home.ts';
import { useVulkan } from './vulkan.ts';

const module = new URL('../../../src/tensor/load.js', import.meta.url).href;
const skip = useVulkan();

function program(code: string, env: Record<string, string>): { stdout: string; stderr: string; status: number | null } {
  const args = ['--input-type=module', '-e', `import { load } from ${JSON.stringify(module)};\n${code}`];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

const work = 'const tf = load(); const x = tf.ones([300, 300]); const y = x.matMul(x); y.data(); y.square();';

describe('a program on webgpu', { skip }, () => {
  for (const [how, end] of [
    ['by itself', ''],
    ['by process.exit, with work under way', 'process.exit(0);'],
    ['after reading', 'await y.data(); y.dataSync();'],
    [
      'after it was reset',
      'await y.data(); tf.engine().reset(); await tf.setBackend("webgpu"); tf.ones([2]).square().dataSync();',
    ],
  ] as const)
    it(`ends ${how}`, () => {
      const { stderr, status } = program(work + end, { TENSORCELL_BACKEND: 'webgpu' });
      assert.deepEqual([stderr, status], ['', 0]);
    });

  it('is refused where there is no adapter, with the reason', () => {
    const { stderr } = program('load()', { TENSORCELL_BACKEND: 'webgpu', VK_ICD_FILENAMES: '/nowhere.json' });
    assert.match(stderr, /Error: no adapter: Dawn finds no GPU with a Vulkan, Metal or Direct3D driver/);
  });

  it('goes on with the next backend where the only adapter computes on the processor, and says so in a line', () => {
    const { stdout, stderr } = program('console.log(load().getBackend())', { TENSORCELL_LIBTENSORFLOW: '/nowhere' });
    assert.equal(stdout, 'wasm\n');
    assert.match(
      stderr,
      /^tensor: the backend webgpu is passed over: its only adapter, SwiftShader.*, computes on the processor; %backend webgpu takes it all the same\n$/,
    );
  });
});

describe('doctor', { skip }, () => {
  const doctor = (env: Record<string, string> = {}) => {
    const command = fileURLToPath(new URL('../../../../bin/tensorcell.js', import.meta.url));
    const { stdout } = spawnSync(process.execPath, [command, 'doctor', '--json'], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    const { checks } = JSON.parse(stdout) as { checks: { name: string; detail: string; facts?: object }[] };
    return checks.find(({ name }) => name === 'backend webgpu')!.detail;
  };

  it('says why webgpu is not chosen, or that it is, with its adapter and its memory', () => {
    assert.match(doctor(), /^unavailable: its only adapter, SwiftShader/);
    assert.match(
      doctor({ TENSORCELL_BACKEND: 'webgpu' }),
      /^in use: TENSORCELL_BACKEND names it · SwiftShader .*, a software adapter · memory [\d.]+ GB at most for one tensor$/,
    );
    assert.match(doctor({ VK_ICD_FILENAMES: '/nowhere.json' }), /^unavailable: no adapter/);
  });

  it('says what gets the packages, and when Dawn does not load', () => {
    const home = mkdtempSync(join(tmpdir(), 'tensorcell-webgpu-'));
    after(() => rmSync(home, { recursive: true, force: true }));
    assert.equal(
      doctor({ TENSORCELL_HOME: home }),
      'unavailable: no packages for it; tensorcell setup --webgpu gets them',
    );
    const dawn = join(home, 'webgpu', `${WEBGPU_VERSIONS.join('-')}-${process.platform}-${process.arch}`, 'dawn');
    mkdirSync(dawn, { recursive: true });
    writeFileSync(join(dawn, 'dawn.node'), 'no library');
    assert.match(doctor({ TENSORCELL_HOME: home }), /^unavailable: Dawn does not load in Node \d+\.\S+: .*dawn\.node/);
  });
});
