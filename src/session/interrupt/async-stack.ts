// Node's stack of asynchronous contexts, which a termination leaves as it was: a promise callback that is cut off never pops its own.
// Node 20 and 22 abort on that ("Assertion failed: (env_->execution_async_id()) == (0)") as soon as an AsyncLocalStorage is in use.
import { createHook } from 'node:async_hooks';

interface AsyncWrap {
  clearAsyncIdStack(): void;
  setPromiseHooks(...none: undefined[]): void;
}

/** What a termination needs of Node's stack of asynchronous contexts. */
export interface AsyncStack {
  /** Empties it, and keeps promise callbacks from pushing: one may still begin before the termination takes hold. */
  unwind(): void;
  /** After the termination: promise callbacks have their contexts again. */
  restore(): void;
}

/** Node 24 keeps contexts another way and needs none of it. */
export function asyncStack(): AsyncStack {
  if (Number(process.versions.node.split('.')[0]) >= 24) return { unwind: () => undefined, restore: () => undefined };
  // The one way to it: no public module has it. Node 22 warns of the way, which is no business of the person's.
  const { noDeprecation } = process;
  process.noDeprecation = true;
  const { binding } = process as unknown as { binding(name: 'async_wrap'): AsyncWrap };
  const wrap = binding('async_wrap');
  if (noDeprecation === undefined) delete process.noDeprecation;
  else process.noDeprecation = noDeprecation;
  let unwound = false;
  return {
    unwind() {
      unwound = true;
      wrap.setPromiseHooks(undefined, undefined, undefined, undefined);
      wrap.clearAsyncIdStack();
    },
    restore() {
      if (!unwound) return;
      unwound = false;
      // Enabling any hook makes Node set those of promises anew.
      createHook({ before: () => undefined })
        .enable()
        .disable();
    },
  };
}
