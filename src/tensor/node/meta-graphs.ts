// What a SavedModel says of itself: its graphs by tags, their signatures, the tensors of those. Reads `saved_model.pb` alone.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataType } from '@tensorflow/tfjs-core';
import { type Dtype, dtypeOf } from '../tensorflow/dtypes.ts';
import { type Field, fieldsOf } from './fields.ts';

/** A tensor of a signature. */
export interface TensorFacts {
  /** In the graph, such as `serving_default_x:0`. */
  readonly name: string;
  /** What it is in a session. */
  readonly dtype: DataType;
  /** What it is in the graph, such as DT_INT64. */
  readonly tfDtype: string;
  /** −1 where a length is free; undefined when the rank is. */
  readonly shape: readonly number[] | undefined;
}

export interface Signature {
  readonly inputs: Readonly<Record<string, TensorFacts>>;
  readonly outputs: Readonly<Record<string, TensorFacts>>;
}

export interface MetaGraph {
  readonly tags: readonly string[];
  readonly signatureDefs: Readonly<Record<string, Signature>>;
}

/** What TensorFlow keeps among the signatures for itself. */
const internal = '__saved_model_init_op';

/** The graphs of the SavedModel in a folder. @throws Error when there is none, or it is not whole. */
export async function getMetaGraphsFromSavedModel(path: string): Promise<MetaGraph[]> {
  const file = join(path, 'saved_model.pb');
  const content = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`tf.node: ${path} must be the folder of a SavedModel: ${cause.message}`, { cause });
  });
  try {
    return messages(fieldsOf(content)[2]).map(metaGraph);
  } catch (cause) {
    throw new Error(`tf.node: ${file} must be a SavedModel, got something else: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function metaGraph(content: Buffer): MetaGraph {
  const fields = fieldsOf(content);
  const tags = messages(fields[1]).flatMap((info) => (fieldsOf(info)[4] ?? []).map(String));
  const signatures = entries(fields[5]).filter(([name]) => name !== internal);
  return { tags, signatureDefs: Object.fromEntries(signatures.map(([name, value]) => [name, signature(value)])) };
}

function signature(content: Buffer): Signature {
  const fields = fieldsOf(content);
  const facts = (map: Field[] | undefined) =>
    Object.fromEntries(entries(map).map(([name, value]) => [name, tensorFacts(value)]));
  return { inputs: facts(fields[1]), outputs: facts(fields[2]) };
}

function tensorFacts(content: Buffer): TensorFacts {
  const fields = fieldsOf(content);
  const dtype = dtypeOf(Number(fields[2]?.[0] ?? 0));
  const shape = fieldsOf(messages(fields[3])[0] ?? Buffer.alloc(0));
  const lengths = messages(shape[2]).map((dim) => Number(fieldsOf(dim)[1]?.[0] ?? 0));
  return {
    name: String(fields[1]?.[0] ?? ''),
    dtype: sessionDtype(dtype),
    tfDtype: `DT_${protoNames[dtype] ?? dtype.toUpperCase()}`,
    shape: shape[3]?.[0] ? undefined : lengths,
  };
}

const protoNames: Partial<Record<Dtype, string>> = { float32: 'FLOAT', float64: 'DOUBLE', float16: 'HALF' };

/** The dtype of a tensor in the graph. */
export function graphDtype({ tfDtype }: TensorFacts): Dtype {
  const name = tfDtype.slice('DT_'.length);
  const renamed = Object.entries(protoNames).find(([, proto]) => proto === name);
  return (renamed?.[0] ?? name.toLowerCase()) as Dtype;
}

/** The dtype that a session has for one of TensorFlow's: floats are float32, integers int32. */
export function sessionDtype(dtype: Dtype): DataType {
  if (dtype === 'bool' || dtype === 'string' || dtype === 'complex64') return dtype;
  if (dtype === 'complex128') return 'complex64';
  return dtype.includes('float') ? 'float32' : 'int32';
}

/** The entries of a map: messages of a key (1) and a value (2). */
function entries(map: Field[] | undefined): [string, Buffer][] {
  return messages(map).map((entry) => {
    const fields = fieldsOf(entry);
    return [String(fields[1]?.[0] ?? ''), messages(fields[2])[0] ?? Buffer.alloc(0)];
  });
}

/** The fields that are messages. */
const messages = (fields: Field[] = []): Buffer[] => fields.filter((field) => typeof field !== 'number');
