// Gets what the WebGPU backend needs into TENSORCELL_HOME: Dawn for this machine out of the package `webgpu`, and tfjs's kernels. They are no
// dependencies: `webgpu` has the builds for all machines, 132 MB on disk.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tensorcellHome, WEBGPU_VERSIONS, webgpuFolder } from '../home.ts';
import { downloadPackage, type NpmPackage } from './npm.ts';
import { explain, SetupProblem } from './problem.ts';
import { unpackTar } from './tar.ts';
import { makeWhole, type Sizes, type Work } from './work.ts';

const [dawnVersion, kernelsVersion] = WEBGPU_VERSIONS;

/** What is got. */
export interface Packages {
  readonly dawn: NpmPackage;
  readonly kernels: NpmPackage;
}

/** Sums are the npm registry's. */
const PACKAGES: Packages = {
  dawn: {
    name: 'webgpu',
    version: dawnVersion,
    integrity: 'sha512-3L4GfmqJLvYUIEWJngEQY+2HQiUlAFkg8+P8NDDj3Xx5hHHIFO/r8JW+ynfqBj7kHN4mbnwO74uB+lrRtLhp4Q==',
  },
  kernels: {
    name: '@tensorflow/tfjs-backend-webgpu',
    version: kernelsVersion,
    integrity: 'sha512-lvIc7Af4Tl2BCdYp43iQmSCRq3asaKT0q2xaErphXiUZ+jqeB0bQa0ZvQys1Xatvto0U4/c90DVsHPfvkn5ftg==',
  },
};

/** MB of both packages to download, and of what is kept of them. */
const DOWNLOAD = 54;

/** MB on disk by `process.platform` and `process.arch`. Only Linux on x64 has been run by us. */
const DISK: Readonly<Record<string, number>> = {
  'linux x64': 25,
  'linux arm64': 23,
  'darwin x64': 25,
  'darwin arm64': 25,
  'win32 x64': 38,
  'win32 arm64': 44,
};

/** Makes sure of the packages, on stdout. Rejects with a `SetupProblem`: no npm, no network, no room, no permission, no build. */
export async function setUpWebgpu(): Promise<void> {
  const target = webgpuFolder();
  const had = existsSync(target);
  await getWebgpu();
  console.log(`WebGPU (Dawn ${dawnVersion}, tfjs ${kernelsVersion}) ${had ? 'is' : 'is now'} in ${target}.`);
}

/** The same, silent when they are there. */
export async function getWebgpu(packages = PACKAGES): Promise<void> {
  const disk = DISK[`${process.platform} ${process.arch}`];
  if (disk === undefined)
    throw new SetupProblem(`there is no Dawn for ${process.platform} on ${process.arch}: no WebGPU here`);
  const sizes: Sizes = { download: DOWNLOAD, disk };
  const title = `WebGPU (Dawn ${dawnVersion}, tfjs ${kernelsVersion})`;
  try {
    const kept = `packages-${WEBGPU_VERSIONS.join('-')}`;
    await makeWhole({ target: webgpuFolder(), title, kept, ...sizes }, (work) => make(packages, work));
  } catch (error) {
    throw explain(error, tensorcellHome(), sizes.download + sizes.disk);
  }
}

async function make(packages: Packages, work: Work): Promise<string> {
  let before = 0;
  let last = 0;
  const get = async (wanted: NpmPackage): Promise<string> => {
    const file = await downloadPackage(wanted, work, (count) => {
      last = count;
      work.line.update('downloading', `${Math.round((before + count) / 1e6)} of ${DOWNLOAD} MB`);
    });
    before += last;
    return file;
  };
  const [dawn, kernels] = [await get(packages.dawn), await get(packages.kernels)];
  work.line.update('unpacking');
  const made = join(work.folder, 'made');
  const unpack = (archive: string, place: (name: string) => string | undefined) =>
    unpackTar(archive, made, { place, signal: work.signal });
  const placed = [...(await unpack(dawn, dawnFile)), ...(await unpack(kernels, kernelFile))];
  for (const file of ['dawn/dawn.node', 'tfjs-backend-webgpu/dist/tf-backend-webgpu.node.js'])
    if (!placed.includes(file)) throw new SetupProblem(`the packages of WebGPU hold no ${file}`);
  return made;
}

/** Of `webgpu`: this machine's build. */
function dawnFile(name: string): string | undefined {
  const build = `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;
  if (name === 'package/LICENSE.md') return 'dawn/LICENSE.md';
  const prefix = `package/dist/${build}/`;
  return name.startsWith(prefix) ? `dawn/${name.slice(prefix.length)}` : undefined;
}

/** Of tfjs's package: the bundle for Node, and the modules and types that deep imports mean. */
function kernelFile(name: string): string | undefined {
  const path = name.replace(/^package\//, '');
  const wanted =
    /^(package\.json|dist\/tf-backend-webgpu\.node\.js|dist\/.+\.d\.ts|dist\/.+\.js)$/.test(path) &&
    !/^dist\/(tf-(?!backend-webgpu\.node\.js$)|miniprogram\/)|_test\./.test(path);
  return wanted ? `tfjs-backend-webgpu/${path}` : undefined;
}
