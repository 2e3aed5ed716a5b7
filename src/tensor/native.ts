// C without a compiler: koffi, loaded at its first use, and what is needed of C's own library. The only file that imports koffi.
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import type { Pointer } from './tensorflow/prototypes.ts';

type Koffi = typeof import('koffi');

/** C's own functions that are used. */
interface Native {
  readonly koffi: Koffi;
  /**
   * Loads a library that stays until the process is gone. Node unloads what koffi loaded when it ends by itself, under the library's
   * running threads: a crash. @throws Error with the loader's words.
   */
  pin(path: string): void;
  /** The same on another thread; settles when it is done, and says nothing of what went wrong: `pin` does. */
  pinAside(path: string): Promise<void>;
  /**
   * Keeps signals off this thread. One that is handled on it in the middle of a matrix product corrupts the heap ("corrupted size vs. prev_size").
   * Held back here, one that is sent to the process is handled on another thread, where Node only notes it. Children begin with none held.
   */
  holdSignals(): void;
  /** Copies bytes; one of the two is an address, the other memory of ours. */
  copy(to: Pointer | ArrayBufferView, from: Pointer | ArrayBufferView, bytes: number): void;
  dup(descriptor: number): number;
  dup2(from: number, to: number): number;
  close(descriptor: number): number;
}

/** Signals that a thread's own code raises: to hold them back would end the process at once. */
const ofFaults = ['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGTRAP'] as const;

const windows = process.platform === 'win32';
let opened: Native | undefined;

/** Loads koffi at the first call. */
export function openNative(): Native {
  opened ??= makeNative(createRequire(import.meta.url)('koffi') as Koffi);
  return opened;
}

function makeNative(koffi: Koffi): Native {
  const c = koffi.load(windows ? 'ucrtbase.dll' : null);
  const own = windows ? '_' : '';
  const [now, global, noDelete] = process.platform === 'darwin' ? [2, 8, 0x80] : [2, 0x100, 0x1000];
  const flags = now! | global! | noDelete!;
  return {
    koffi,
    pin: (path) => {
      if (windows) return;
      if (!c.func('void *dlopen(str, int)')(path, flags)) throw new Error(c.func('str dlerror()')());
    },
    pinAside: (path) =>
      windows
        ? Promise.resolve()
        : new Promise((resolve) => c.func('void *dlopen(str, int)').async(path, flags, () => resolve())),
    holdSignals: () => {
      if (windows) return;
      const signals = Buffer.alloc(128);
      c.func('int sigfillset(void *)')(signals);
      const remove = c.func('int sigdelset(void *, int)');
      for (const name of ofFaults) remove(signals, constants.signals[name]);
      c.func('int pthread_sigmask(int, void *, void *)')(process.platform === 'darwin' ? 1 : 0, signals, null);
    },
    copy: c.func('void *memcpy(void *, void *, size_t)') as Native['copy'],
    dup: c.func(`int ${own}dup(int)`) as Native['dup'],
    dup2: c.func(`int ${own}dup2(int, int)`) as Native['dup2'],
    close: c.func(`int ${own}close(int)`) as Native['close'],
  };
}

/** Runs what writes to descriptor 2 without being asked, such as a library's greetings, and drops that. */
export function silently<T>(run: () => T): T {
  const { dup, dup2, close } = openNative();
  const nowhere = openSync(windows ? 'NUL' : '/dev/null', 'w');
  const kept = dup(2);
  dup2(nowhere, 2);
  try {
    return run();
  } finally {
    dup2(kept, 2);
    close(kept);
    closeSync(nowhere);
  }
}
