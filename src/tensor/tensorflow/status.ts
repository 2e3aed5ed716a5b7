// TensorFlow's word on how a call went, as an error of ours.
import type { Pointer, TensorFlowLibrary } from './prototypes.ts';

/** `TF_RESOURCE_EXHAUSTED`. */
const exhausted = 8;

/** One status, used by every call of an executor. */
export class Status {
  readonly pointer: Pointer;
  readonly #api: TensorFlowLibrary;

  constructor(api: TensorFlowLibrary) {
    this.#api = api;
    this.pointer = api.TF_NewStatus();
  }

  /** @throws Error with TensorFlow's message, RangeError when memory ran out, if the last call failed. */
  check(): void {
    const code = this.#api.TF_GetCode(this.pointer);
    if (code === 0) return;
    const message = clear(this.#api.TF_Message(this.pointer));
    if (code === exhausted) throw new RangeError(`out of memory: ${message}; dispose tensors or use tf.tidy`);
    throw new Error(message);
  }
}

/** TensorFlow's message without the names of its nodes, sources and hints. */
function clear(message: string): string {
  return message
    .replace(/\{\{(function_)?node [^}]*\}\}\s*/g, '')
    .replace(/\s*\[Op:\w+\](\s*name:\s*\w*)?/g, '')
    .split('\n')[0]!
    .trim();
}
