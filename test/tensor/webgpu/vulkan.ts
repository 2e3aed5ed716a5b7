// A Vulkan that computes on the processor, for the tests of the WebGPU backend: SwiftShader, as Chromium brings it (5 MB). Results are the
// same on every machine, those with a GPU included.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keptWebgpu } from '../../../src/home.ts';
import { checkBackends } from '../../../src/tensor/backends.ts';
import { openNative } from '../../../src/tensor/native.ts';

/** Where Debian and others put Chromium's own files. */
const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/usr/lib64/chromium-browser', '/opt/google/chrome'];

/** Why there can be no tests of WebGPU; false when there can. Then this process and its children find SwiftShader, and no other adapter. */
export function useVulkan(): string | false {
  if (!keptWebgpu()) return 'no packages of WebGPU could be had';
  const has = (folder: string) =>
    ['libvulkan.so.1', 'vk_swiftshader_icd.json'].every((file) => existsSync(join(folder, file)));
  const folder = folders.find(has);
  if (!folder) return 'no software Vulkan: no Chromium with its SwiftShader on this machine';
  process.env.VK_ICD_FILENAMES = join(folder, 'vk_swiftshader_icd.json');
  if (process.env.LD_LIBRARY_PATH?.split(':').includes(folder)) return false;
  // A child finds the loader by this path; here it is in place before Dawn asks for it.
  process.env.LD_LIBRARY_PATH = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  openNative().pin(join(folder, 'libvulkan.so.1'));
  return false;
}

/** The backends that run on this machine, `webgpu` on SwiftShader among them, best first. */
export function backendsHere(): string[] {
  const noVulkan = useVulkan();
  return checkBackends()
    .filter(({ name, available }) => available && !(name === 'webgpu' && noVulkan))
    .map(({ name }) => name);
}
