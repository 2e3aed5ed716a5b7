// Which wheel holds TensorFlow's library for this machine: one table. Its sums are those of the package index.
import type { Variant } from '../home.ts';

/** The version whose C API this version of Tensorcell is written for. */
export const TENSORFLOW_VERSION = '2.21.0';

/** One build of TensorFlow's library. */
export interface Build {
  readonly variant: Variant;
  readonly version: string;
  /** The package that has it, by its name in the index. */
  readonly package: string;
  /** Platform tags of this wheel and of NVIDIA's beside it, best first. */
  readonly platforms: readonly string[];
  /** SHA-256 of the wheel. */
  readonly sha256: string;
  /** MB (10⁶ bytes), NVIDIA's wheels included: to download, and on disk when all is done. */
  readonly download: number;
  readonly disk: number;
}

const intel = ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];

/** By `process.platform`, `process.arch` and variant. Only Linux on x64 has been run by us. */
const BUILDS: Readonly<Record<string, Omit<Build, 'variant' | 'version'>>> = {
  'linux x64 cpu': {
    package: 'tensorflow-cpu',
    platforms: intel.slice(0, 1),
    sha256: '05af7c26d35f4de910b5598c7b507e3981831a7b0f47fed9a405d995d51d7793',
    download: 274,
    disk: 853,
  },
  'linux x64 cuda': {
    package: 'tensorflow',
    platforms: intel,
    sha256: 'e9d8da8dcab9650efb45f032ba70af2f016f907e6e0c6bda29dd101bba945406',
    download: 3380,
    disk: 5656,
  },
  'linux arm64 cpu': {
    package: 'tensorflow',
    platforms: ['manylinux_2_27_aarch64'],
    sha256: 'a10abdfb8b1189210c251021a3f153b7ccc52a8e6521351f3dc3331e8ba593e0',
    download: 282,
    disk: 900,
  },
  'darwin arm64 cpu': {
    package: 'tensorflow',
    platforms: ['macosx_12_0_arm64'],
    sha256: 'a145ed46c58192b7c3f9916d070caf4f6afc6dc7e5511f83dd97677f4c4947f4',
    download: 224,
    disk: 900,
  },
};

/** The build for a machine; undefined when TensorFlow's project publishes none that holds the library as a file of its own. */
export function findBuild(variant: Variant, platform = process.platform, arch = process.arch): Build | undefined {
  const row = BUILDS[`${platform} ${arch} ${variant}`];
  return row && { variant, version: TENSORFLOW_VERSION, ...row };
}
