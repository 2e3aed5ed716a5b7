// The calls of compiled functions can be asked to end by the control thread, while the main thread is in one.
import { nameCall, nativeCall, SLOTS_OF_CALL, setCanceller } from '../../session/native-calls.ts';
import type { Library } from '../libtensorflow.ts';
import type { Pointer } from './prototypes.ts';

/** What cancel.ts is given: the file of the library, and the address of the manager. */
export interface CancelData {
  readonly library: string;
  readonly manager: bigint;
}

const calls = { graph: 0, xla: 0 };
let manager: Pointer | undefined;

/** The number of such a call, for `nativeCall`. */
export const compiledCall = (form: keyof typeof calls): number => (calls[form] ||= nameCall('a compiled function'));

/** The manager for the next call of a graph. One that has been asked to cancel stays so, and is left to whoever may still be asking it: some bytes. */
export function managerOf({ api, file }: Library): Pointer {
  if (manager !== undefined && nativeCall[SLOTS_OF_CALL.asked] === 0) return manager;
  manager = api.TFE_NewCancellationManager();
  const data: CancelData = { library: file, manager };
  setCanceller(compiledCall('graph'), { program: new URL('./cancel.js', import.meta.url).href, data });
  nativeCall[SLOTS_OF_CALL.asked] = 0;
  return manager;
}
