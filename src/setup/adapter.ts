// Whether this machine looks as if it had a GPU that WebGPU can use, found without loading anything.
import { existsSync, readdirSync } from 'node:fs';

/** Folders where Vulkan's drivers are listed. */
const DRIVERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
/** Where Linux has its GPUs: `renderD128` and so on. */
const DEVICES = '/dev/dri';

/** True on macOS, whose Metal is always there; on Linux with a GPU and a Vulkan driver that does not compute on the processor. */
export function hasAdapter(platform = process.platform, drivers = DRIVERS, devices = DEVICES): boolean {
  if (platform === 'darwin') return true;
  if (platform !== 'linux') return false;
  const list = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  const isDriver = (name: string) => name.endsWith('.json') && !/lvp|swiftshader/.test(name);
  return list(devices).some((name) => name.startsWith('renderD')) && drivers.flatMap(list).some(isDriver);
}
