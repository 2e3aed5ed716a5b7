// The door to TensorFlow's C library: finds it, loads it and hands out its functions. Knows nothing of tensors.
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { keptLibraries } from '../home.ts';
import { openNative, silently } from './native.ts';
import { type Pointer, prototypes, type TensorFlowLibrary } from './tensorflow/prototypes.ts';

/** The two files of a library, in the order in which they are loaded, by platform. */
const fileNames: Readonly<Partial<Record<NodeJS.Platform, readonly [string, string]>>> = {
  linux: ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'],
  darwin: ['libtensorflow_framework.2.dylib', 'libtensorflow_cc.2.dylib'],
  win32: ['tensorflow_framework.2.dll', 'tensorflow_cc.2.dll'],
};

/** The oldest library that has all functions in use. */
const oldest = [2, 16] as const;

/** Where a library may be, and who said so. */
interface Place {
  readonly origin: string;
  readonly folder: string;
}

/** A library's folder, or where it was looked for in vain. */
export type FoundLibrary =
  | { readonly folder: string; readonly origin: string }
  | { readonly folder?: undefined; readonly reason: string };

/**
 * Looks for the library without loading it: TENSORCELL_LIBTENSORFLOW alone when it is set, else what `tensorcell setup` has got, else
 * the `tensorflow` package of the active Python environment (VIRTUAL_ENV, CONDA_PREFIX).
 */
export function findLibrary(env: NodeJS.ProcessEnv = process.env, platform = process.platform): FoundLibrary {
  const names = fileNames[platform];
  if (!names) return { reason: `TensorFlow has no library for ${platform}` };
  const places = placesOf(env, platform);
  const found = places.find(({ folder }) => names.every((name) => existsSync(join(folder, name))));
  if (found) return found;
  const looked = places.map(({ origin, folder }) => `${folder} (${origin})`).join(', ');
  const where = looked ? `not in ${looked}` : 'tensorcell setup has not been run, and no Python environment is active';
  return { reason: `no ${names.join(' and ')}: ${where}; tensorcell setup gets them` };
}

function placesOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Place[] {
  const named = env.TENSORCELL_LIBTENSORFLOW;
  if (named) return [{ origin: 'TENSORCELL_LIBTENSORFLOW', folder: named }];
  const kept = keptLibraries(env).map(({ folder }) => ({ origin: 'tensorcell setup', folder }));
  const pip = (['VIRTUAL_ENV', 'CONDA_PREFIX'] as const).flatMap((origin) =>
    sitePackages(env[origin], platform).map((folder) => ({ origin, folder: join(folder, 'tensorflow') })),
  );
  return [...kept, ...pip];
}

/** Where the packages of a Python environment are. */
function sitePackages(prefix: string | undefined, platform: NodeJS.Platform): string[] {
  if (!prefix) return [];
  if (platform === 'win32') return [join(prefix, 'Lib', 'site-packages')];
  const lib = join(prefix, 'lib');
  if (!existsSync(lib)) return [];
  const pythons = readdirSync(lib).filter((name) => /^python3\.\d+$/.test(name));
  return pythons.map((name) => join(lib, name, 'site-packages'));
}

/** What a loaded library brings beside its functions: copies to and from its memory, and addresses. */
export interface Library {
  readonly api: TensorFlowLibrary;
  readonly version: string;
  readonly folder: string;
  /** The path of the library that has the functions. */
  readonly file: string;
  /** Copies bytes; one of the two is an address, the other memory of ours. */
  copy(to: Pointer | ArrayBufferView, from: Pointer | ArrayBufferView, bytes: number): void;
  /** Good as long as the view is alive. */
  addressOf(view: ArrayBufferView): Pointer;
  /** The library's memory itself; it must not be read once the library has freed it. */
  view(from: Pointer, bytes: number): ArrayBuffer;
  /** `TFE_Execute` on a thread of Node's pool (37 µs more). Nobody else may use the op, the status and the arrays until it is done. */
  executeAside(op: Pointer, outputs: BigUint64Array, count: Int32Array, status: Pointer): Promise<void>;
}

let loaded: Library | undefined;

/**
 * The library, loaded at the first call (0.3–1 s, 276 MB).
 * @throws Error when there is none, or it can't be loaded: another platform's, too old, or not whole.
 */
export function openLibrary(): Library {
  loaded ??= loadLibrary();
  return loaded;
}

function loadLibrary(): Library {
  const found = findLibrary();
  if (found.folder === undefined) throw new Error(`libtensorflow: ${found.reason}`);
  const { folder } = found;
  const names = fileNames[process.platform]!;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    if (process.platform === 'linux') for (const name of names) checkElf(join(folder, name));
    const { koffi, copy, pin, holdSignals } = openNative();
    holdSignals();
    const version = silently(() => {
      for (const name of names) pin(join(folder, name));
      koffi.load(join(folder, names[0]), { global: true });
      return koffi.load(join(folder, names[1])).func(prototypes.TF_Version)() as string;
    });
    checkVersion(version);
    const library = koffi.load(join(folder, names[1]));
    koffi.struct('TF_Output', { oper: 'void *', index: 'int' });
    const declare = ([name, prototype]: [string, string]) => [name, library.func(prototype)];
    const api = Object.fromEntries(Object.entries(prototypes).map(declare)) as unknown as TensorFlowLibrary;
    const execute = api.TFE_Execute as unknown as { async(...values: unknown[]): void };
    return {
      api,
      version,
      folder,
      file: join(folder, names[1]),
      copy,
      addressOf: (view) => koffi.address(view),
      view: (from, bytes) => koffi.view(from, bytes),
      executeAside: (...values) =>
        new Promise((resolve, reject) => {
          execute.async(...values, (error: unknown) => (error ? reject(error) : resolve()));
        }),
    };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `libtensorflow: ${folder} (${found.origin}) can't be loaded: ${words}; tensorcell setup gets a library that can`,
      { cause },
    );
  }
}

/**
 * Maps the library on another thread, so that `openLibrary` finds it mapped: that is nearly all of the time it takes. Settles when it is
 * mapped, or can't be, of which `openLibrary` tells.
 */
export async function mapLibrary(): Promise<void> {
  const { folder } = findLibrary();
  if (loaded || folder === undefined || process.platform !== 'linux') return;
  const paths = fileNames.linux!.map((name) => join(folder, name));
  try {
    for (const path of paths) checkElf(path);
  } catch {
    // A file that is not whole: `openLibrary` says so.
    return;
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const { pinAside } = openNative();
  for (const path of paths) await pinAside(path);
}

/** Numbers of processors in an ELF file. */
const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/** A file that was cut off would end this process when it is loaded (a bus error), so its length is looked at first. */
function checkElf(path: string): void {
  const header = Buffer.alloc(64);
  const file = openSync(path, 'r');
  try {
    const read = readSync(file, header, 0, header.length, 0);
    if (read < header.length || header.readUInt32BE(0) !== 0x7f454c46) throw new Error(`${path} is no ELF library`);
    const machine = header.readUInt16LE(18);
    if (machine !== machines[process.arch]) throw new Error(`${path} is for another processor than ${process.arch}`);
    // The table of sections is the last thing in the file: where it begins, the size of a row, the number of rows.
    const whole = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
    const { size } = fstatSync(file);
    if (size < whole) throw new Error(`${path} is cut off: ${whole} bytes are needed, ${size} are there`);
  } finally {
    closeSync(file);
  }
}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === oldest[0] && minor >= oldest[1]) return;
  throw new Error(`its version must be ${oldest.join('.')} or later, got ${version}`);
}
