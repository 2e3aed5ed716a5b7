// Deep modules of TensorFlow.js's packages, such as `@tensorflow/tfjs-core/dist/ops/conv_util`. What a package's entry exposes is answered
// with the session's own; the rest is evaluated from the session's copy, on the one engine, environment and registries, which tfjs keeps
// on the global object.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { moduleExports, moduleFile, type Origin } from '../session/modules/deep.ts';
import { core } from './packages.ts';

type Names = Record<string, unknown>;
/** Gives what a package's name means to a deep module. */
type AnswerPackage = (specifier: string) => unknown;

const packages = new Map<string, DeepPackage>();

/**
 * The exports of a deep module, each made at its first use. A module all of whose names are the session's, or that has none, is not
 * evaluated: what it registers the session has registered.
 * @param file its path in the session's copy
 * @param whole the package as the session has it
 */
export function deepModule(file: string, whole: object, answer: AnswerPackage): object {
  const folder = /^.*?[/\\]tfjs-[^/\\]+[/\\]dist(?=[/\\])/.exec(file)![0];
  let owner = packages.get(folder);
  if (!owner) {
    owner = new DeepPackage(folder, whole as Names, answer);
    packages.set(folder, owner);
  }
  return owner.module(file);
}

class DeepPackage {
  readonly #folder: string;
  readonly #answer: AnswerPackage;
  /** `file name` of each declaration that the package's entry exposes → its value in the session. */
  readonly #exposed = new Map<string, unknown>();
  readonly #modules = new Map<string, object>();
  readonly #evaluated = new Map<string, { exports: Names }>();
  #sources: ReadonlyMap<string, string> | undefined;

  constructor(folder: string, whole: Names, answer: AnswerPackage) {
    this.#folder = folder;
    this.#answer = answer;
    this.#expose(join(folder, 'index.js'), whole);
  }

  module(file: string): object {
    let found = this.#modules.get(file);
    if (found) return found;
    found = Object.defineProperty({}, '__esModule', { value: true });
    this.#modules.set(file, found);
    for (const [name, origin] of moduleExports(file))
      Object.defineProperty(found, name, { enumerable: true, get: () => this.#value(origin) });
    return found;
  }

  #expose(file: string, namespace: Names): void {
    for (const [name, origin] of moduleExports(file)) {
      const value = namespace[name];
      const key = `${origin.file} ${origin.name}`;
      if (value === undefined || this.#exposed.has(key)) continue;
      this.#exposed.set(key, value);
      if (origin.name === '*' && origin.file.startsWith(this.#folder)) this.#expose(origin.file, value as Names);
    }
  }

  #value(origin: Origin): unknown {
    const key = `${origin.file} ${origin.name}`;
    if (this.#exposed.has(key)) return this.#exposed.get(key);
    const isOwn = origin.file.startsWith(this.#folder);
    if (origin.name === '*') return isOwn ? this.module(origin.file) : this.#answer(origin.file);
    return (isOwn ? this.#evaluate(origin.file) : (this.#answer(origin.file) as Names))[origin.name];
  }

  #evaluate(file: string): Names {
    const known = this.#evaluated.get(file);
    if (known) return known.exports;
    const module = { exports: {} as Names };
    this.#evaluated.set(file, module);
    const load = (specifier: string) =>
      specifier.startsWith('.') ? this.module(moduleFile(join(dirname(file), specifier))!) : this.#answer(specifier);
    this.#sources ??= compile(this.#folder);
    // Classes of layers register themselves by their names: the session's stay.
    const { classNameMap } = core.serialization.SerializationMap.getMap();
    const ours = { ...classNameMap };
    try {
      new Function('module', 'require', `${this.#sources.get(file)}\n//# sourceURL=${file}`)(module, load);
    } catch (cause) {
      this.#evaluated.delete(file);
      throw new Error(`${file} of the session's TensorFlow.js can't be used on its own: ${String(cause)}`, { cause });
    } finally {
      Object.assign(classNameMap, ours);
    }
    return module.exports;
  }
}

/** All modules of a package's `dist` as CommonJS, by their paths (about 0.2 s). */
function compile(folder: string): ReadonlyMap<string, string> {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.js') && !/(^|[/\\])tf-|_test\.js$|externs\.js$|(^|[/\\])(tests|miniprogram)[/\\]/.test(file),
  );
  const { outputFiles } = buildSync({
    entryPoints: files.map((file) => join(folder, file)),
    outbase: folder,
    outdir: folder,
    format: 'cjs',
    platform: 'node',
    write: false,
    logLevel: 'silent',
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}
