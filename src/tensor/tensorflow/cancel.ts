// A thread of one task: asks a cancellation manager of TensorFlow's to end the call that the main thread is in. A loop in a graph ends at its
// next turn; a single operation, a chain without a loop and what XLA has compiled go on.
import { workerData } from 'node:worker_threads';
import { openNative } from '../native.ts';
import type { CancelData } from './cancellation.ts';

const { library, manager } = workerData as CancelData;
openNative().koffi.load(library).func('void TFE_CancellationManagerStartCancel(uintptr_t)')(manager);
