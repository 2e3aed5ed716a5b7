// TensorFlow's library for the tests, kept where `tensorcell setup` keeps it and got once.
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

/**
 * Makes sure of the library (274 MB to download at the first call); where it can't be had, its tests are skipped and stderr has the
 * reason. Safe to call from several processes at once. Needs the build.
 */
export async function testLibrary() {
  // Not at the top: these files are there after the build.
  const { getLibrary, isKept } = await import('../dist/src/setup/library.js');
  const { findBuild } = await import('../dist/src/setup/wheels.js');
  const wanted = findBuild('cpu');
  if (process.env.TENSORCELL_LIBTENSORFLOW || !wanted || isKept(wanted)) return;
  try {
    await getLibrary(wanted);
  } catch (error) {
    console.error(`no library of TensorFlow for the tests: ${error.message}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  await testLibrary();
}
