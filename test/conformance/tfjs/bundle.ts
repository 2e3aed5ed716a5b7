// Makes one CommonJS file of tfjs-core's own published specs, which are a tree of ES modules that Node can't load. What they import
// as tfjs-core is the session's instance; helpers from deeper in the package are bundled, and find the session's engine by themselves.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Where the specs are: the package's `dist` folder. */
const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/dist/tests.js'));

/** All spec files, such as `ops/abs_test`, in the order in which tfjs-core runs them. */
export const specFiles: readonly string[] = [
  ...readFileSync(join(folder, 'tests.js'), 'utf8').matchAll(/^import '\.\/(.+)';$/gm),
].map(([, file]) => file!);

/** What the bundle exports. */
export interface Specs {
  /** By spec file: declares its specs with the global `describe` and `it`. */
  readonly declare: Readonly<Record<string, () => void>>;
  /** tfjs-core's: the backends that specs are declared for. */
  setTestEnvs(envs: { name: string; backendName: string; flags: object; isDataSync: boolean }[]): void;
}

const session: Plugin = {
  name: 'the session’s tfjs-core',
  setup({ onLoad }) {
    onLoad({ filter: /tfjs-core[\\/]dist[\\/]index\.js$/ }, () => ({
      contents: `module.exports = globalThis[Symbol.for('tensorcell.tensor')].core();`,
    }));
  },
};

/** Writes the bundle to a file (about 1 s). */
export async function bundleSpecs(outfile: string): Promise<void> {
  const rows = specFiles.map((file) => `'${file}': () => void require('./${file}'),`);
  await build({
    stdin: {
      contents: `exports.declare = {\n${rows.join('\n')}\n};\nexports.setTestEnvs = require('./jasmine_util').setTestEnvs;`,
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outfile,
    // The package says that its modules have no side effects; declaring specs is one.
    ignoreAnnotations: true,
    plugins: [session],
    logLevel: 'error',
  });
}
