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

export class AttrSetter {
  readonly #context: Context;
  readonly #known = new Map<string, Map<string, AttrType>>();

  constructor(context: Context) {
    this.#context = context;
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
    const { api, addressOf } = this.#context.library;
    const status = this.#context.status.pointer;
    switch (type) {
      case 'string': {
        const bytes = utf8(value as string);
        return api.TFE_OpSetAttrString(op, name, bytes.length ? bytes : null, bytes.length);
      }
      case 'int':
        return api.TFE_OpSetAttrInt(op, name, value as number);
      case 'float':
        return api.TFE_OpSetAttrFloat(op, name, value as number);
      case 'bool':
        return api.TFE_OpSetAttrBool(op, name, value ? 1 : 0);
      case 'type':
        return api.TFE_OpSetAttrType(op, name, dtypeCode(value as Dtype));
      case 'shape': {
        const lengths = int64s(value as number[]);
        return api.TFE_OpSetAttrShape(op, name, lengths, lengths.length, status);
      }
      case 'int list': {
        const values = int64s(value as number[]);
        return api.TFE_OpSetAttrIntList(op, name, values, values.length);
      }
      case 'float list': {
        const values = Float32Array.from(value as number[]);
        return api.TFE_OpSetAttrFloatList(op, name, values, values.length);
      }
      case 'bool list': {
        const values = Uint8Array.from(value as boolean[], Number);
        return api.TFE_OpSetAttrBoolList(op, name, values, values.length);
      }
      case 'type list': {
        const codes = Int32Array.from(value as Dtype[], dtypeCode);
        return api.TFE_OpSetAttrTypeList(op, name, codes, codes.length);
      }
      case 'string list': {
        // Address 0 would be read for an empty one's bytes, so each has one more.
        const texts = (value as string[]).map((text) => utf8(`${text}\0`));
        const lengths = BigUint64Array.from(texts, ({ length }) => BigInt(length - 1));
        api.TFE_OpSetAttrStringList(op, name, BigUint64Array.from(texts, addressOf), lengths, texts.length);
        return;
      }
      case 'shape list': {
        const shapes = (value as number[][]).map((shape) => int64s([...shape, 0]));
        const ranks = Int32Array.from(shapes, ({ length }) => length - 1);
        return api.TFE_OpSetAttrShapeList(
          op,
          name,
          BigUint64Array.from(shapes, addressOf),
          ranks,
          shapes.length,
          status,
        );
      }
    }
  }
}
