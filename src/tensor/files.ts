// Models in files: `model.save('file://dir')` and `tf.loadLayersModel('file://dir/model.json')`, the same two files that
// @tensorflow/tfjs-node writes. A path is relative to the working folder; it is taken as it stands, without %-decoding.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { core } from './packages.ts';

const scheme = 'file://';

/** Teaches tfjs the `file://` scheme and adds `tf.io.fileSystem(path)`. */
export function registerFiles(): void {
  const route = (url: string | string[]): io.IOHandler => {
    const urls = [url].flat();
    if (!urls.length || !urls.every((each) => typeof each === 'string' && each.startsWith(scheme)))
      return null as never;
    const paths = urls.map((each) => each.slice(scheme.length).replace(/^\/(?=[A-Za-z]:)/, ''));
    return fileSystem(paths.length === 1 ? paths[0]! : paths);
  };
  core.io.registerSaveRouter(route);
  core.io.registerLoadRouter(route);
  Object.assign(core.io, { fileSystem });
}

/**
 * Saves to a folder, which is made when missing, as `model.json` and `weights.bin`; loads from the path of a `model.json`, or from
 * the two paths of a binary topology and its weights' manifest.
 */
export function fileSystem(path: string | readonly string[]): io.IOHandler {
  const paths = [path].flat().map((each) => resolve(each));
  return {
    save: (artifacts) => {
      if (paths.length !== 1) throw new Error('model.save: file:// takes one folder, got several paths');
      return save(paths[0]!, artifacts);
    },
    load: () => (paths.length === 1 ? load(paths[0]!) : loadBinary(paths)),
  };
}

async function save(folder: string, artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  if (artifacts.modelTopology instanceof ArrayBuffer) {
    throw new Error('model.save: a binary topology can not be written to file://');
  }
  const { modelTopology, format, generatedBy, convertedBy, trainingConfig, signature, userDefinedMetadata } = artifacts;
  const weightsManifest = [{ paths: ['weights.bin'], weights: artifacts.weightSpecs ?? [] }];
  const optional = Object.entries({ trainingConfig, signature, userDefinedMetadata }).filter(
    ([, value]) => value != null,
  );
  const model = { modelTopology, weightsManifest, format, generatedBy, convertedBy, ...Object.fromEntries(optional) };
  const weights = core.io.CompositeArrayBuffer.join(artifacts.weightData);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'weights.bin'), new Uint8Array(weights));
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  return { modelArtifactsInfo: core.io.getModelArtifactsInfoForJSON(artifacts) };
}

async function load(path: string): Promise<io.ModelArtifacts> {
  const text = await readFile(await file(path), 'utf8');
  let model: io.ModelJSON;
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw new Error(`load model: ${path} must be JSON with modelTopology and weightsManifest, got something else`, {
      cause,
    });
  }
  return core.io.getModelArtifactsForJSON(model, (manifest) => readWeights(manifest, path));
}

async function loadBinary(paths: readonly string[]): Promise<io.ModelArtifacts> {
  if (paths.length !== 2) throw new Error(`load model: must be one path or two, got ${paths.length}`);
  const topology = await readFile(await file(paths[0]!));
  const manifest = JSON.parse(await readFile(await file(paths[1]!), 'utf8')) as io.WeightsManifestConfig;
  const [weightSpecs, weightData] = await readWeights(manifest, paths[1]!);
  return { modelTopology: topology.buffer as ArrayBuffer, weightSpecs, weightData };
}

/** Weights stand beside the file that names them. */
async function readWeights(
  manifest: io.WeightsManifestConfig,
  path: string,
): Promise<[io.WeightsManifestEntry[], ArrayBuffer]> {
  const names = manifest.flatMap((group) => group.paths);
  const buffers = await Promise.all(names.map(async (name) => readFile(await file(join(dirname(path), name)))));
  const weights = Buffer.concat(buffers);
  const data = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length) as ArrayBuffer;
  return [manifest.flatMap((group) => group.weights), data];
}

/** The path back when it is a file, else a clear error. */
async function file(path: string): Promise<string> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(cause.code === 'ENOENT' ? `load model: ${path} does not exist` : `load model: ${cause.message}`, {
      cause,
    });
  });
  if (!found.isFile()) {
    throw new Error(`load model: ${path} is a folder; name its model.json: ${scheme}${join(path, 'model.json')}`);
  }
  return path;
}
