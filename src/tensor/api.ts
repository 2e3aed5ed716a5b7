// The object a cell knows as `tf`: all exports of @tensorflow/tfjs in one, its rarer packages loaded when they are touched.
import { webglExports } from './absent.ts';
import { enableDeterminism } from './determinism.ts';
import { nodeExports } from './node/exports.ts';
import {
  type Converter,
  type Core,
  type CpuPackage,
  converterPackage,
  core,
  cpuPackage,
  type Data,
  dataPackage,
  type Layers,
  layers,
} from './packages.ts';
import { setSeed } from './random/seeds.ts';

/** The exports of @tensorflow/tfjs, and `node` of @tensorflow/tfjs-node. */
export type TensorFlow = Core &
  Layers &
  Converter &
  Pick<CpuPackage, 'MathBackendCPU' | 'shared' | 'version_cpu'> &
  typeof webglExports & {
    readonly data: Data;
    readonly node: typeof nodeExports;
    readonly setSeed: typeof setSeed;
    readonly enableDeterminism: typeof enableDeterminism;
    readonly version: Readonly<Record<string, string>>;
  };

const release = '4.22.0';
const parts = ['core', 'backend-cpu', 'backend-webgl', 'backend-wasm', 'data', 'layers', 'converter'];

/** Makes `tf`. The packages must be open. */
export function assemble(): TensorFlow {
  const tf = { ...core, ...layers, ...webglExports, node: nodeExports, setSeed, enableDeterminism };
  Object.assign(tf, {
    version: Object.fromEntries([...parts.map((part) => [`tfjs-${part}`, release]), ['tfjs', release]]),
  });
  define(tf, ['data'], () => ({ data: dataPackage() }));
  // 20 ms that most notebooks never need: the names of a package are known before it is loaded.
  define(
    tf,
    'GraphModel deregisterOp loadGraphModel loadGraphModelSync registerOp version_converter'.split(' '),
    converterPackage,
  );
  define(tf, ['MathBackendCPU', 'shared', 'version_cpu'], cpuPackage);
  return tf as unknown as TensorFlow;
}

/** Puts names on an object whose values come from `load`, called at the first read of one. */
function define(target: object, names: readonly string[], load: () => object): void {
  for (const name of names) {
    Object.defineProperty(target, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = (load() as Record<string, unknown>)[name];
        Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
        return value;
      },
    });
  }
}
