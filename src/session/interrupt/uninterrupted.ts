// Functions that a termination must not strike inside: native libraries that end the process when JavaScript that they call, or that
// calls them, is cut off (Node-API: "FATAL ERROR: Error::Error napi_define_properties").
import vm from 'node:vm';

/** The file of the functions made here, by which `terminate.ts` knows them on the stack. */
export const UNINTERRUPTED = 'tensorcell:uninterrupted';

type Method = (...values: never[]) => unknown;

const guard = new vm.Script('({ apply(method, self, values) { return Reflect.apply(method, self, values); } })', {
  filename: UNINTERRUPTED,
}).runInThisContext() as ProxyHandler<Method>;

/**
 * The same method, whose calls an interrupt waits for. A termination that was granted before one begins strikes at the entry of the proxy's
 * trap: native functions have no such place, and that of a plain function is lost where V8 inlines it.
 */
export function uninterrupted<M extends Method>(method: M): M {
  return new Proxy<Method>(method, guard) as M;
}

/** Does what is broken when only a part of it is done: an interrupt waits for the end. */
export const whole = uninterrupted(<T>(work: () => T): T => work());
