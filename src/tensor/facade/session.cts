// Answers a `require` of a TensorFlow.js package with the session's own copy; `src/tensor/load.ts` has put the answers on the global
// object. No `import` and no `export`: this file and those that call it are CommonJS, in syntax that can be erased.
module.exports = (name: string): unknown => {
  const found = (globalThis as Record<symbol, unknown>)[Symbol.for('tensorcell.tensor')];
  if (!found)
    throw new Error(`require of @tensorflow/tfjs (${name}): the session's tensors are not ready; import it instead`);
  return (found as Record<string, () => unknown>)[name]!();
};
