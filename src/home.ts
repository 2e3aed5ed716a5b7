// Where Tensorcell keeps what it gets and remembers for a person.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** TENSORCELL_HOME, or `tensorcell` in the platform's folder of user data. The folder need not exist. */
export function tensorcellHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TENSORCELL_HOME) return env.TENSORCELL_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'tensorcell');
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? homedir(), 'tensorcell');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'tensorcell');
}

/** Which processor a build of TensorFlow's library is for. CUDA's computes on the CPU where it sees no GPU. */
export type Variant = 'cpu' | 'cuda';

/** A library that `tensorcell setup` has laid out whole: `libtensorflow/<version>-<variant>` under TENSORCELL_HOME. */
export interface KeptLibrary {
  readonly version: string;
  readonly variant: Variant;
  /** What holds `libtensorflow_cc` and `libtensorflow_framework`; CUDA's own libraries are in `../nvidia`. */
  readonly folder: string;
}

/** The libraries that setup has got: first the one that was asked for last, then by version, newest first. */
export function keptLibraries(env: NodeJS.ProcessEnv = process.env): KeptLibrary[] {
  const root = libraryRoot(env);
  if (!existsSync(root)) return [];
  const chosen = chosenFile(env);
  const first = existsSync(chosen) ? readFileSync(chosen, 'utf8').trim() : undefined;
  const newestFirst = (a: string, b: string) => b.localeCompare(a, 'en', { numeric: true });
  const names = readdirSync(root).filter((name) => /^\d[\w.]*-(cpu|cuda)$/.test(name));
  names.sort((a, b) => Number(b === first) - Number(a === first) || newestFirst(a, b));
  return names.map((name) => {
    const [version = '', variant] = name.split('-');
    return { version, variant: variant as Variant, folder: join(root, name, 'tensorflow') };
  });
}

/** The folder of all kept libraries. */
export function libraryRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(tensorcellHome(env), 'libtensorflow');
}

/** The file that names the library asked for last, such as `2.21.0-cpu`. */
export function chosenFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(libraryRoot(env), 'chosen');
}

/** The packages of the WebGPU backend that `tensorcell setup --webgpu` has laid out whole, under TENSORCELL_HOME. */
export interface KeptWebgpu {
  /** What holds `dawn.node`. */
  readonly dawn: string;
  /** The package @tensorflow/tfjs-backend-webgpu. */
  readonly kernels: string;
}

/** The versions that this version of Tensorcell is written for, of `webgpu` and of tfjs's kernels. `webgpu` 0.6.0 needs a newer C library. */
export const WEBGPU_VERSIONS = ['0.6.2', '4.22.0'] as const;

/** The packages of the WebGPU backend; undefined when setup has not got them. */
export function keptWebgpu(env: NodeJS.ProcessEnv = process.env): KeptWebgpu | undefined {
  const folder = webgpuFolder(env);
  if (!existsSync(folder)) return undefined;
  return { dawn: join(folder, 'dawn'), kernels: join(folder, 'tfjs-backend-webgpu') };
}

/** Where they are kept. */
export function webgpuFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(tensorcellHome(env), 'webgpu', `${WEBGPU_VERSIONS.join('-')}-${process.platform}-${process.arch}`);
}
