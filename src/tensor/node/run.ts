// Runs TensorFlow's own ops for `tf.node`, whichever backend tensors are on: the library is opened at the first call, not before.
import { openContext } from '../tensorflow/context.ts';
import { EagerOps } from '../tensorflow/eager.ts';

let opened: EagerOps | undefined;

/**
 * Calls `run` with the library's ops and frees the values it made, so it returns what it has read from them.
 * @param name of the function of `tf.node` that asks; errors begin with it.
 * @throws Error when there is no library, with the command that gets it; or TensorFlow's own.
 */
export function withOps<T>(name: string, run: (ops: EagerOps) => T): T {
  try {
    opened ??= new EagerOps(openContext());
    opened.begin();
    try {
      return run(opened);
    } finally {
      opened.end([]);
    }
  } catch (error) {
    if (error instanceof Error) error.message = `tf.node.${name}: ${error.message}`;
    throw error;
  }
}
