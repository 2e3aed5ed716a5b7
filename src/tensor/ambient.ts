// What a session knows of tensors before any cell speaks of them: the name `tf`. Loads nothing by itself.
import type { Ambient } from '../session/parts.ts';

/** `tf`, made at its first mention in a cell. */
export const tensorAmbient: Ambient = {
  name: 'tf',
  load: async () => (await import('./load.ts')).load(),
};

/**
 * Imports the session's tensor modules (8 ms), but not TensorFlow.js itself (70 ms more, at its first use). To be called when the
 * session is idle after its start: without it a CommonJS `require` of a tfjs package as the very first use has no answer.
 */
export async function prepareTensors(): Promise<void> {
  await import('./load.ts');
}
