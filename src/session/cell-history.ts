// `In`, `Out`, `_` and `__`: what was run and what came of it. Old results are held weakly: a notebook must not keep every tensor
// and model it ever showed.

/** Results that are objects are held strongly this long, in cells. */
const KEPT = 3;

export class CellHistory {
  /** `In[n]`: text of cell n. */
  readonly inputs: string[] = [];
  /** `Out[n]`: value of cell n; an object older than the last three only while something else holds it. */
  readonly outputs: Record<number, unknown> = {};
  #recent: number[] = [];

  input(count: number, code: string): void {
    this.inputs[count] = code;
  }

  output(count: number, value: unknown): void {
    Object.defineProperty(this.outputs, count, { configurable: true, enumerable: true, writable: true, value });
    this.#recent = [...this.#recent.filter((other) => other !== count), count];
    if (this.#recent.length > KEPT) this.#weaken(this.#recent.shift()!);
  }

  /** The last value and the one before it. */
  get last(): { readonly _: unknown; readonly __: unknown } {
    const value = (back: number) => {
      const count = this.#recent.at(-back);
      return count === undefined ? undefined : this.outputs[count];
    };
    return { _: value(1), __: value(2) };
  }

  forget(): void {
    this.inputs.length = 0;
    for (const count of Object.keys(this.outputs)) delete this.outputs[Number(count)];
    this.#recent = [];
  }

  #weaken(count: number): void {
    const value = this.outputs[count];
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
    const held = new WeakRef(value);
    Object.defineProperty(this.outputs, count, { configurable: true, enumerable: true, get: () => held.deref() });
  }
}
