// The binary of tfjs's wasm backend, instantiated at once instead of behind a promise, so that a plain `require` of tfjs can
// compute. Knows nothing of tensors.
import { readFileSync } from 'node:fs';
import { packageFile, packageModule } from './packages.ts';

/** The emscripten module as far as we use it. Heap views are replaced when the memory grows: never keep one over an allocation. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF32: Float32Array;
  readonly HEAP32: Int32Array;
  readonly asm: { readonly memory: object };
  readonly tfjs: {
    registerTensor(id: number, size: number, offset: number): void;
    disposeData(id: number): void;
  };
  /** The binary's own stack, for shapes and the like that calls pass. */
  stackSave(): number;
  stackRestore(top: number): void;
  _malloc(bytes: number): number;
  _free(offset: number): void;
  /** A function of the binary, by name; `array` takes a Uint8Array. */
  cwrap(name: string, result: 'number' | null, parameters: readonly ('number' | 'array')[]): NativeFunction;
}

export type NativeFunction = (...values: (number | boolean | Uint8Array)[]) => number;

// Node's global; its types come with the DOM's, which this program does without.
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};

// (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)): valid exactly where SIMD is.
const simdProbe = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
];

/** Whether this machine and Node run SIMD in wasm (every x64 since 2013 and arm64 does). */
export const simdWorks = (): boolean => WebAssembly.validate(Uint8Array.from(simdProbe));

/** Instantiates the binary (9 ms), without the process-wide error listeners that emscripten leaves. */
export function openWasmModule(): WasmModule {
  const factory = packageModule('backend-wasm/wasm-out/tfjs-backend-wasm.js') as (config: object) => Promise<unknown>;
  const binary = readFileSync(packageFile(`backend-wasm/dist/tfjs-backend-wasm${simdWorks() ? '-simd' : ''}.wasm`));
  // biome-ignore lint/suspicious/noExplicitAny: emscripten puts the members of WasmModule on this object while it starts.
  const module: any = {
    instantiateWasm(imports: object, receive: (instance: object) => void) {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), imports);
      receive(instance);
      return instance.exports;
    },
  };
  withoutNewListeners(['uncaughtException', 'unhandledRejection'], () => factory(module));
  if (!module.calledRun) throw new Error('tensor: the wasm binary did not start at once');
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  return module;
}

/** Calls `run` and takes away the listeners it put on the process. */
function withoutNewListeners(events: readonly string[], run: () => unknown): void {
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  run();
  for (const [event, known] of before) {
    for (const listener of process.rawListeners(event)) {
      if (!known.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
}
