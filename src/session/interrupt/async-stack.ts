// Node's stack of asynchronous contexts, which a termination leaves as it was: a promise callback that is cut off never pops its own.
// Node 20 and 22 abort on that ("Assertion failed: (env_->execution_async_id()) == (0)") as soon as an AsyncLocalStorage is in use.

interface AsyncWrap {
  clearAsyncIdStack(): void;
}

/** A function that empties the stack, to be called right before a termination. Node 24 keeps contexts another way and needs none. */
export function asyncStackUnwinder(): () => void {
  if (Number(process.versions.node.split('.')[0]) >= 24) return () => undefined;
  // The one way to it: no public module has it. Node 22 warns of the way, which is no business of the person's.
  const { noDeprecation } = process;
  process.noDeprecation = true;
  const { binding } = process as unknown as { binding(name: 'async_wrap'): AsyncWrap };
  const wrap = binding('async_wrap');
  if (noDeprecation === undefined) delete process.noDeprecation;
  else process.noDeprecation = noDeprecation;
  return () => wrap.clearAsyncIdStack();
}
