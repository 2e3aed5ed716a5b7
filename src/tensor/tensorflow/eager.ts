// Runs ops at once. What a kernel makes on the way is freed when it has returned.
import { AttrSetter } from './attributes.ts';
import type { Context } from './context.ts';
import type { Dtype } from './dtypes.ts';
import type { Attrs, Inputs, Ops, Value } from './ops.ts';
import type { Pointer } from './prototypes.ts';
import { type EagerValue, type HostValues, Values } from './values.ts';

/** Constants of at most this many values are kept for the next time. */
const small = 16;
/** At most this many constants are kept. */
const most = 2048;

/** The executor of the `tensorflow` backend. */
export class EagerOps implements Ops {
  readonly recording = false;
  readonly values: Values;
  readonly #context: Context;
  readonly #attrs: AttrSetter;
  /** One op, used again and again: a new one each time costs more. */
  readonly #op: Pointer;
  #outputs = new BigUint64Array(64);
  readonly #count = new Int32Array(1);
  #made: EagerValue[] = [];
  readonly #constants = new Map<string, EagerValue>();

  constructor(context: Context) {
    this.#context = context;
    const { library, pointer, status } = context;
    this.values = new Values(library, status);
    this.#attrs = new AttrSetter(context);
    this.#op = library.api.TFE_NewOp(pointer, 'Identity', status.pointer);
    status.check();
  }

  run(op: string, inputs: Inputs, attrs?: Attrs): Value[] {
    const { library, status, device } = this.#context;
    const { api } = library;
    api.TFE_OpReset(this.#op, op, device, status.pointer);
    for (const input of inputs) {
      if (Array.isArray(input)) this.#addList(input as readonly EagerValue[]);
      else api.TFE_OpAddInput(this.#op, (input as EagerValue).handle, status.pointer);
    }
    if (attrs) this.#attrs.set(this.#op, op, attrs);
    const room = attrs?.num ?? attrs?.num_split;
    if (typeof room === 'number' && room > this.#outputs.length) this.#outputs = new BigUint64Array(room);
    this.#outputs[0] = 0n;
    this.#count[0] = this.#outputs.length;
    api.TFE_Execute(this.#op, this.#outputs, this.#count, status.pointer);
    // A failed op leaves the first output as it was: that is cheaper to see than the status.
    if (this.#outputs[0] === 0n) status.check();
    const made: EagerValue[] = [];
    for (let i = 0; i < this.#count[0]!; i++) {
      const value = this.values.adopt(this.#outputs[i]!);
      made.push(value);
      this.#made.push(value);
    }
    return made;
  }

  one(op: string, inputs: Inputs, attrs?: Attrs): Value {
    return this.run(op, inputs, attrs)[0]!;
  }

  constant(values: number | ArrayLike<number> | readonly string[], dtype: Dtype, shape?: readonly number[]): Value {
    const isNumber = typeof values === 'number';
    const lengths = shape ?? (isNumber ? [] : [values.length]);
    if (isNumber && lengths.length > 0)
      return this.one('Fill', [this.constant(lengths, 'int32'), this.constant(values, dtype)]);
    if (isNumber || values.length <= small) {
      const key = `${dtype} ${isNumber ? numberKey(values) : listKey(values)} ${lengths}`;
      const known = this.#constants.get(key);
      if (known) return known;
      if (dtype !== 'string') {
        const value = this.values.make(isNumber ? [values] : values, dtype, lengths);
        value.kept = true;
        this.#constants.set(key, value);
        return value;
      }
    }
    const value = this.values.make(values as HostValues, dtype, lengths);
    this.#made.push(value);
    return value;
  }

  /** Before a kernel. Leftovers of one that was interrupted are freed. */
  begin(): void {
    if (this.#made.length > 0) this.end([]);
  }

  /** After a kernel: frees what it made, except its results. */
  end(results: Value | readonly Value[]): void {
    const kept = Array.isArray(results) ? results : [results];
    const made = this.#made;
    // One result and nothing else is by far the commonest.
    if (made.length === 1 && made[0] === kept[0]) made.pop();
    else {
      this.#made = [];
      for (const value of made) if (!kept.includes(value)) this.values.free(value);
    }
    if (this.#constants.size > most) this.#forgetConstants(kept);
  }

  #forgetConstants(results: readonly Value[]): void {
    for (const value of this.#constants.values()) if (!results.includes(value)) this.values.free(value);
    this.#constants.clear();
  }

  #addList(list: readonly EagerValue[]): void {
    const { library, status } = this.#context;
    const handles = BigUint64Array.from(list, ({ handle }) => handle);
    library.api.TFE_OpAddInputList(this.#op, handles, list.length, status.pointer);
  }
}

/** Tells −0 from 0. */
const numberKey = (value: number | string): string => (Object.is(value, -0) ? '-0' : String(value));

/** The numbers of a shape or a permutation, told apart at every step: without an array of texts. */
function listKey(values: ArrayLike<number | string>): string {
  let key = '';
  for (let i = 0; i < values.length; i++) key += `${numberKey(values[i]!)},`;
  return key;
}
