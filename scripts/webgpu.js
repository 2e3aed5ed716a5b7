// The packages of the WebGPU backend for the tests, kept where `tensorcell setup --webgpu` keeps them and got once.
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

/**
 * Makes sure of the packages (54 MB to download at the first call); where they can't be had, their tests are skipped and stderr has the
 * reason. Safe to call from several processes at once. Needs the build.
 */
export async function testWebgpu() {
  // Not at the top: this file is there before the build is.
  const { getWebgpu } = await import('../dist/src/setup/webgpu.js');
  try {
    await getWebgpu();
  } catch (error) {
    console.error(`no WebGPU for the tests: ${error.message}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  await testWebgpu();
}
