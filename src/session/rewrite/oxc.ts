// Loads oxc's native code itself: the packages' own loaders are ES modules that first ask which libc there is and read package.json
// files, 12 ms of each start instead of 3.
import { createRequire } from 'node:module';

/** What the packages' names end in after the platform and the processor; only what the machine can load is installed. */
const ENDINGS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['-gnu', '-musl', '-gnueabihf', '-musleabihf'],
  win32: ['-msvc'],
};

const require = createRequire(import.meta.url);

/** The native half of `oxc-parser` or `oxc-transform`. Throws what the package's own loader throws when there is none. */
export function nativeOxc(part: 'parser' | 'transform'): unknown {
  const failures: unknown[] = [];
  for (const ending of ENDINGS[process.platform] ?? ['']) {
    try {
      return require(`@oxc-${part}/binding-${process.platform}-${process.arch}${ending}`);
    } catch (error) {
      failures.push(error);
    }
  }
  try {
    // Another platform, or one that keeps a package's dependencies to itself.
    return require(part === 'parser' ? 'oxc-parser/src-js/bindings.js' : 'oxc-transform');
  } catch (error) {
    throw new AggregateError([...failures, error], `oxc-${part}: its native code can't be loaded: ${error}`);
  }
}
