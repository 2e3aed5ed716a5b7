// Runs ops at once. What a kernel makes on the way is freed when it has returned.
import { nameCall, nativeCall } from '../../session/native-calls.ts';
import { AttrSetter } from './attributes.ts';
import type { Context } from './context.ts';
import type { Dtype } from './dtypes.ts';
import type { Attrs, Inputs, Ops, Value } from './ops.ts';
import type { Pointer, TensorFlowLibrary } from './prototypes.ts';
import { EagerValue, type HostValues, Values } from './values.ts';

/** Constants of at most this many values are kept for the next time. */
const small = 16;
/** At most this many constants are kept. */
const most = 2048;

interface Text {
  readonly bytes: Uint8Array;
  readonly address: number;
  /** The number of the op's calls, 0 before the first. */
  call: number;
}

/** The executor of the `tensorflow` backend. */
export class EagerOps implements Ops {
  readonly recording = false;
  readonly values: Values;
  readonly #context: Context;
  readonly #api: TensorFlowLibrary;
  readonly #attrs: AttrSetter;
  /** One op, used again and again: a new one each time costs more. */
  readonly #op: Pointer;
  readonly #texts = new Map<string, Text>();
  #outputs!: BigUint64Array;
  #count!: Int32Array;
  /** Addresses of the op, the status, the outputs and their number. */
  readonly #at = { op: 0, status: 0, outputs: 0, count: 0 };
  #made: EagerValue[] = [];
  readonly #constants = new Map<string, EagerValue>();

  constructor(context: Context) {
    this.#context = context;
    const { library, pointer, status } = context;
    this.#api = library.api;
    this.values = new Values(library, status);
    this.#attrs = new AttrSetter(context);
    this.#op = library.api.TFE_NewOp(pointer, 'Identity', status.pointer);
    status.check();
    this.#at.op = Number(this.#op);
    this.#at.status = Number(status.pointer);
    this.#makeRoom(64);
  }

  #makeRoom(outputs: number): void {
    const room = new ArrayBuffer(8 * outputs + 8);
    this.#outputs = new BigUint64Array(room, 0, outputs);
    this.#count = new Int32Array(room, 8 * outputs, 1);
    const { addressOf } = this.#context.library;
    this.#at.outputs = Number(addressOf(this.#outputs));
    this.#at.count = Number(addressOf(this.#count));
  }

  /** A text in C's form, kept: there are few. */
  #text(text: string): Text {
    let known = this.#texts.get(text);
    if (!known) {
      const bytes = Buffer.from(`${text}\0`);
      known = { bytes, address: Number(this.#context.library.addressOf(bytes)), call: 0 };
      this.#texts.set(text, known);
    }
    return known;
  }

  run(op: string, inputs: Inputs, attrs?: Attrs): Value[] {
    const count = this.#execute(op, inputs, attrs);
    const made: EagerValue[] = [];
    for (let i = 0; i < count; i++) made.push(this.#own(this.values.adopt(this.#outputs[i]!)));
    return made;
  }

  one(op: string, inputs: Inputs, attrs?: Attrs, like?: Value): Value {
    const count = this.#execute(op, inputs, attrs);
    for (let i = 1; i < count; i++) this.#own(this.values.adopt(this.#outputs[i]!));
    const handle = this.#outputs[0]!;
    return this.#own(like ? new EagerValue(handle, like.dtype, like.shape) : this.values.adopt(handle));
  }

  /** Runs an op; how many outputs it has left in `#outputs`. */
  #execute(op: string, inputs: Inputs, attrs?: Attrs): number {
    const api = this.#api;
    const at = this.#at;
    const { device } = this.#context;
    const name = this.#text(op);
    api.opReset(at.op, name.address, device === null ? 0 : this.#text(device).address, at.status);
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      if (input instanceof EagerValue) api.opAddInput(at.op, input.handle, at.status);
      else this.#addList(input as readonly EagerValue[]);
    }
    if (attrs) {
      this.#attrs.set(this.#op, op, attrs);
      const room = attrs.num ?? attrs.num_split;
      if (typeof room === 'number' && room > this.#outputs.length) this.#makeRoom(room);
    }
    this.#outputs[0] = 0n;
    this.#count[0] = this.#outputs.length;
    nativeCall[0] = name.call ||= nameCall(`TensorFlow’s ${op}`);
    api.execute(at.op, at.outputs, at.count, at.status);
    nativeCall[0] = 0;
    // A failed op leaves the first output as it was: that is cheaper to see than the status.
    if (this.#outputs[0] === 0n) this.#context.status.check();
    return this.#count[0]!;
  }

  #own(value: EagerValue): EagerValue {
    this.#made.push(value);
    return value;
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
    const made = this.#made;
    // One result and nothing else is by far the commonest.
    if (made.length === 1 && made[0] === results) made.pop();
    else {
      this.#made = [];
      const kept: readonly Value[] = Array.isArray(results) ? results : [results];
      for (const value of made) if (!kept.includes(value)) this.values.free(value);
    }
    if (this.#constants.size > most) this.#forgetConstants([results].flat());
  }

  #forgetConstants(results: readonly Value[]): void {
    for (const value of this.#constants.values()) if (!results.includes(value)) this.values.free(value);
    this.#constants.clear();
  }

  #addList(list: readonly EagerValue[]): void {
    const handles = BigUint64Array.from(list, ({ handle }) => handle);
    this.#api.TFE_OpAddInputList(this.#op, handles, list.length, this.#context.status.pointer);
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
