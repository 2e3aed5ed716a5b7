// Sets the attributes of an op: the library says, once for each, what type it takes.
import type { Context } from './context.ts';
import { type Dtype, dtypeCode } from './dtypes.ts';
import type { Attr, Attrs } from './ops.ts';
import type { Pointer } from './prototypes.ts';

/** `TF_AttrType`, in its order. */
const types = ['string', 'int', 'float', 'bool', 'type', 'shape'] as const;

type AttrType = (typeof types)[number] | `${(typeof types)[number]} list`;

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const int64s = (values: readonly number[]): BigInt64Array => BigInt64Array.from(values, BigInt);

/** What sets an attribute of each type: of an op that runs now, or of an operation of a graph. */
function setters({ library, status }: Context, kind: 'op' | 'operation') {
  const { api } = library;
  if (kind === 'op')
    return {
      string: api.TFE_OpSetAttrString,
      int: api.TFE_OpSetAttrInt,
      float: api.TFE_OpSetAttrFloat,
      bool: api.TFE_OpSetAttrBool,
      type: api.TFE_OpSetAttrType,
      shape: (op: Pointer, name: string, lengths: BigInt64Array, rank: number) =>
        api.TFE_OpSetAttrShape(op, name, lengths, rank, status.pointer),
      strings: api.TFE_OpSetAttrStringList,
      ints: api.TFE_OpSetAttrIntList,
      floats: api.TFE_OpSetAttrFloatList,
      bools: api.TFE_OpSetAttrBoolList,
      types: api.TFE_OpSetAttrTypeList,
      shapes: (op: Pointer, name: string, lengths: BigUint64Array, ranks: Int32Array, count: number) =>
        api.TFE_OpSetAttrShapeList(op, name, lengths, ranks, count, status.pointer),
    };
  return {
    string: api.TF_SetAttrString,
    int: api.TF_SetAttrInt,
    float: api.TF_SetAttrFloat,
    bool: api.TF_SetAttrBool,
    type: api.TF_SetAttrType,
    shape: api.TF_SetAttrShape,
    strings: api.TF_SetAttrStringList,
    ints: api.TF_SetAttrIntList,
    floats: api.TF_SetAttrFloatList,
    bools: api.TF_SetAttrBoolList,
    types: api.TF_SetAttrTypeList,
    shapes: api.TF_SetAttrShapeList,
  };
}

export class AttrSetter {
  readonly #context: Context;
  readonly #setters: ReturnType<typeof setters>;
  readonly #known = new Map<string, Map<string, AttrType>>();

  constructor(context: Context, kind: 'op' | 'operation' = 'op') {
    this.#context = context;
    this.#setters = setters(context, kind);
  }

  /** Sets them all on an op. @throws Error for a name that the op lacks, or a type that no kernel needs. */
  set(op: Pointer, name: string, attrs: Attrs): void {
    for (const attr in attrs) this.#setOne(op, attr, this.#typeOf(name, attr), attrs[attr]!);
  }

  #typeOf(op: string, attr: string): AttrType {
    let known = this.#known.get(op);
    if (!known) {
      known = new Map();
      this.#known.set(op, known);
    }
    let type = known.get(attr);
    if (!type) {
      type = this.#ask(op, attr);
      known.set(attr, type);
    }
    return type;
  }

  #ask(op: string, attr: string): AttrType {
    const { library, pointer, status } = this.#context;
    const isList = new Uint8Array(1);
    const code = library.api.TFE_OpNameGetAttrType(pointer, op, attr, isList, status.pointer);
    status.check();
    const type = types[code];
    if (!type) throw new Error(`${op}: the attribute ${attr} is of a type that can't be set, number ${code}`);
    return isList[0] ? `${type} list` : type;
  }

  #setOne(op: Pointer, name: string, type: AttrType, value: Attr): void {
    const { addressOf } = this.#context.library;
    const set = this.#setters;
    switch (type) {
      case 'string': {
        const bytes = utf8(value as string);
        return set.string(op, name, bytes.length ? bytes : null, bytes.length);
      }
      case 'int':
        return set.int(op, name, value as number);
      case 'float':
        return set.float(op, name, value as number);
      case 'bool':
        return set.bool(op, name, value ? 1 : 0);
      case 'type':
        return set.type(op, name, dtypeCode(value as Dtype));
      case 'shape': {
        const lengths = int64s(value as number[]);
        return set.shape(op, name, lengths, lengths.length);
      }
      case 'int list': {
        const values = int64s(value as number[]);
        return set.ints(op, name, values, values.length);
      }
      case 'float list': {
        const values = Float32Array.from(value as number[]);
        return set.floats(op, name, values, values.length);
      }
      case 'bool list': {
        const values = Uint8Array.from(value as boolean[], Number);
        return set.bools(op, name, values, values.length);
      }
      case 'type list': {
        const codes = Int32Array.from(value as Dtype[], dtypeCode);
        return set.types(op, name, codes, codes.length);
      }
      case 'string list': {
        // Address 0 would be read for an empty one's bytes, so each has one more.
        const texts = (value as string[]).map((text) => utf8(`${text}\0`));
        const lengths = BigUint64Array.from(texts, ({ length }) => BigInt(length - 1));
        set.strings(op, name, BigUint64Array.from(texts, addressOf), lengths, texts.length);
        return;
      }
      case 'shape list': {
        const shapes = (value as number[][]).map((shape) => int64s([...shape, 0]));
        const ranks = Int32Array.from(shapes, ({ length }) => length - 1);
        return set.shapes(op, name, BigUint64Array.from(shapes, addressOf), ranks, shapes.length);
      }
    }
  }
}
