// `import { add } from './add.wasm'`: a JavaScript module that stands for the WebAssembly one, as WebAssembly's integration with
// ES modules has it (github.com/WebAssembly/esm-integration): what it imports is imported, what it exports is exported.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** What is used of the global `WebAssembly`, whose values the declarations of Node alone lack. */
interface WebAssemblyModules {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): { readonly module: string }[];
    exports(module: object): { readonly name: string }[];
  };
}

const { Module } = (globalThis as unknown as { WebAssembly: WebAssemblyModules }).WebAssembly;

/** The text of the module for a file. Throws what WebAssembly.Module throws for bytes that are none. */
export function wasmSource(path: string): string {
  const module = new Module(readFileSync(path));
  const wanted = [...new Set(Module.imports(module).map((one) => one.module))];
  const given = Module.exports(module).map(({ name }) => name);
  const text = (value: string) => JSON.stringify(value);
  return [
    `import { readFileSync } from 'node:fs';`,
    ...wanted.map((name, at) => `import * as i${at} from ${text(name)};`),
    `const module = new WebAssembly.Module(readFileSync(new URL(${text(pathToFileURL(path).href)})));`,
    `const { exports } = new WebAssembly.Instance(module, { ${wanted.map((name, at) => `${text(name)}: i${at}`).join(', ')} });`,
    ...given.map((name, at) => `const e${at} = exports[${text(name)}]; export { e${at} as ${text(name)} };`),
  ].join('\n');
}
