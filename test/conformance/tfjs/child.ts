// The process that runs specs: `node child.js BUNDLE BACKEND FILE…`. Tells of each spec's start and end in lines of JSON on descriptor 3,
// written synchronously so that nothing is lost when a kernel takes the process down.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { load } from '../../../src/tensor/load.ts';
import type { Specs } from './bundle.ts';

/** One line: a spec that has begun, or has ended. */
export interface SpecReport {
  readonly file: string;
  /** Its full name, without the backend's. */
  readonly name: string;
  readonly status: 'started' | 'passed' | 'failed' | 'pending';
  /** Of a failed one: what its expectations said. */
  readonly message?: string;
}

/** What we use of jasmine 3, whose specs may both be async and take `done`, which later versions refuse. */
interface Jasmine {
  getEnv(): {
    configure(options: { random: boolean }): void;
    clearReporters(): void;
    addReporter(reporter: Record<string, (result: JasmineResult) => void>): void;
    execute(): void;
  };
  DEFAULT_TIMEOUT_INTERVAL: number;
}

interface JasmineResult {
  readonly id: string;
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { message: string }[];
}

type Declare = (...values: unknown[]) => { readonly id: string };

/** A name that appears in no spec, so that it can be taken out of full names. */
const marker = 'tensorcell';

const require = createRequire(import.meta.url);
const [bundle, backend, ...files] = process.argv.slice(2) as [string, string, ...string[]];

const engine = load().engine();
const { setBackend } = engine;
engine.setBackend = async (name) => {
  const done = await setBackend.call(engine, name);
  // tfjs only warns, and its specs would pass on another backend.
  if (name === backend && !done) throw new Error(`the backend ${name} did not start`);
  return done;
};
const jasmineCore = require('jasmine-core') as { boot(core: unknown): Jasmine };
// Also makes `describe`, `it` and the rest global.
const jasmine = jasmineCore.boot(jasmineCore);
// A deadline, not a measure: the machine may be busy.
jasmine.DEFAULT_TIMEOUT_INTERVAL = 120_000;
const env = jasmine.getEnv();
env.configure({ random: false });

const globals = globalThis as unknown as { it: Declare; xit: Declare };
const fileOf = new Map<string, string>();
let current = '';
for (const kind of ['it', 'xit'] as const) {
  const declare = globals[kind];
  globals[kind] = (...values) => {
    const spec = declare(...values);
    fileOf.set(spec.id, current);
    return spec;
  };
}

// Small tensors of the webgpu backend are computed in JavaScript, unless told not to be.
const flags = backend === 'webgpu' ? { WEBGPU_CPU_FORWARD: false } : {};
const suffix = ` ${marker} ${JSON.stringify(flags)}`;
const specs: Specs = require(bundle);
specs.setTestEnvs([{ name: marker, backendName: backend, flags, isDataSync: true }]);
for (current of files) specs.declare[current]!();

function report({ id, fullName, status, failedExpectations }: JasmineResult): void {
  const name = fullName.replace(suffix, '');
  const failed = status === 'failed' && { message: failedExpectations.map(({ message }) => message).join('\n') };
  writeSync(3, `${JSON.stringify({ file: fileOf.get(id), name, status, ...failed })}\n`);
}

env.clearReporters();
env.addReporter({
  specStarted: (result) => report({ ...result, status: 'started' }),
  specDone: report,
  jasmineDone: () => process.exit(0),
});
env.execute();
