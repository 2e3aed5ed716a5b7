// TensorFlow's eager context of this process: made once, with its devices.
import { type Library, openLibrary } from '../libtensorflow.ts';
import { silently } from '../native.ts';
import type { Pointer } from './prototypes.ts';
import { Status } from './status.ts';

export interface Device {
  /** TensorFlow's name, such as `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  readonly type: string;
  /** What TensorFlow may take of its memory; a number without meaning for a CPU. */
  readonly bytes: number;
}

export interface Context {
  readonly library: Library;
  readonly pointer: Pointer;
  readonly status: Status;
  readonly devices: readonly Device[];
  /** Name of the device that ops run on; null leaves it to TensorFlow: the first GPU for ops that have a kernel there, else the CPU. */
  device: string | null;
}

let opened: Context | undefined;

/** The context, if it has been made. */
export const openedContext = (): Context | undefined => opened;

/** Whether a GPU computes. */
export const hasGpu = ({ devices }: Context): boolean => devices.some(({ type }) => type === 'GPU');

/** Loads the library and makes the context at the first call. @throws as `openLibrary` does. */
export function openContext(): Context {
  opened ??= makeContext(openLibrary());
  return opened;
}

/**
 * A ConfigProto: gpu_options (6) { allow_growth (4): true }, allow_soft_placement (7): true. Without the first, TensorFlow takes all
 * memory of a GPU at once; without the second, an op that has no kernel on a GPU fails. All cores are TensorFlow's default.
 */
export const config = Uint8Array.of(0x32, 0x02, 0x20, 0x01, 0x38, 0x01);

function makeContext(library: Library): Context {
  const { api } = library;
  const status = new Status(api);
  const pointer = silently(() => {
    const options = api.TFE_NewContextOptions();
    api.TFE_ContextOptionsSetConfig(options, config, config.length, status.pointer);
    status.check();
    const context = api.TFE_NewContext(options, status.pointer);
    api.TFE_DeleteContextOptions(options);
    status.check();
    return context;
  });
  return { library, pointer, status, devices: listDevices(library, pointer, status), device: null };
}

function listDevices({ api }: Library, context: Pointer, status: Status): Device[] {
  const list = api.TFE_ContextListDevices(context, status.pointer);
  status.check();
  const devices = Array.from({ length: api.TF_DeviceListCount(list) }, (_, i) => ({
    name: api.TF_DeviceListName(list, i, status.pointer),
    type: api.TF_DeviceListType(list, i, status.pointer),
    bytes: api.TF_DeviceListMemoryBytes(list, i, status.pointer),
  }));
  api.TF_DeleteDeviceList(list);
  return devices;
}
