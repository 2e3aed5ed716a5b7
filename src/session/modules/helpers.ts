// What transformed code calls at run time: `using`, on a Node that lacks it. The names are those of Babel's helpers.

const DISPOSE: symbol = Symbol.dispose ?? Symbol.for('Symbol.dispose');
const ASYNC_DISPOSE: symbol = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

interface Resource {
  readonly value: unknown;
  readonly dispose: () => unknown;
  readonly awaits: boolean;
}

/** What a block with `using` holds; the transform writes `u`, `a`, `e` and `d`. */
class UsingContext {
  readonly #resources: Resource[] = [];
  #error: unknown;
  #failed = false;
  /** Whether an `await using` of nothing must still yield once. */
  #awaits = false;

  /** `using value`: returns it. */
  u<T>(value: T): T {
    return this.#add(value, false);
  }

  /** `await using value`: returns it. */
  a<T>(value: T): T {
    return this.#add(value, true);
  }

  /** The error that ended the block. */
  set e(error: unknown) {
    this.#failed = true;
    this.#error = error;
  }

  /** Disposes in reverse order; a promise once something is awaited. Throws the block's error, and those of disposing. */
  d(): Promise<void> | undefined {
    for (let resource = this.#resources.pop(); resource !== undefined; resource = this.#resources.pop()) {
      try {
        const result = resource.dispose();
        if (resource.awaits)
          return Promise.resolve(result).then(
            () => this.d(),
            (error: unknown) => {
              this.#suppress(error);
              return this.d();
            },
          );
      } catch (error) {
        this.#suppress(error);
      }
    }
    if (this.#failed) throw this.#error;
    return this.#awaits ? Promise.resolve() : undefined;
  }

  #add<T>(value: T, awaits: boolean): T {
    if (value === null || value === undefined) {
      this.#awaits ||= awaits;
      return value;
    }
    if (Object(value) !== value) throw new TypeError('using: the value must be an object, null or undefined');
    const methods = value as Record<symbol, unknown>;
    const dispose = (awaits ? methods[ASYNC_DISPOSE] : undefined) ?? methods[DISPOSE];
    if (typeof dispose !== 'function')
      throw new TypeError(`using: the value has no [Symbol.${awaits ? 'asyncDispose' : 'dispose'}]`);
    this.#resources.push({ value, awaits, dispose: () => (dispose as () => unknown).call(value) });
    return value;
  }

  #suppress(error: unknown): void {
    this.#error = this.#failed ? suppressed(error, this.#error) : error;
    this.#failed = true;
  }
}

function suppressed(error: unknown, before: unknown): Error {
  const made = new Error('An error was suppressed during disposal.');
  return Object.assign(made, { name: 'SuppressedError', error, suppressed: before });
}

/** Stands for `babelHelpers` in transformed code. */
export const helpers: Readonly<{ usingCtx(): unknown }> = Object.freeze({ usingCtx: () => new UsingContext() });
