// Arithmetic over whole arrays, compiled to a loop of SIMD instructions on the backend's own heap: what takes many kernels, or 8 ns a
// value in JavaScript (a square root and a division), takes under 2 ns. For expressions that stand in our kernels, not for a user's.
import { simdWorks, type WasmModule } from '../wasm-module.ts';

/** An expression of float32 values. `array` is the n-th input's value at the loop's place, `scalar` the n-th number passed. */
export type Expression =
  | { readonly kind: 'array' | 'scalar'; readonly index: number }
  | { readonly kind: 'sqrt'; readonly of: Expression }
  | { readonly kind: 'add' | 'sub' | 'mul' | 'div'; readonly left: Expression; readonly right: Expression };

export const array = (index: number): Expression => ({ kind: 'array', index });
export const scalar = (index: number): Expression => ({ kind: 'scalar', index });
export const sqrt = (of: Expression): Expression => ({ kind: 'sqrt', of });
export const add = (left: Expression, right: Expression): Expression => ({ kind: 'add', left, right });
export const sub = (left: Expression, right: Expression): Expression => ({ kind: 'sub', left, right });
export const mul = (left: Expression, right: Expression): Expression => ({ kind: 'mul', left, right });
export const div = (left: Expression, right: Expression): Expression => ({ kind: 'div', left, right });

/** Runs over `count` values: byte offsets of the inputs and outputs in the heap, then the scalars. No output may be an input. */
export type Loop = (count: number, offsets: readonly number[], scalars: readonly number[]) => void;

export interface LoopShape {
  readonly arrays: number;
  readonly scalars: number;
  readonly outputs: readonly Expression[];
}

// Node's global; its types come with the DOM's, which this program does without.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: { loop(...values: number[]): void } };
};

/** Compiles a loop for the heap of a module (0.2 ms). */
export function compileLoop(shape: LoopShape, { asm }: WasmModule): Loop {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(shape)), {
    env: { memory: asm.memory },
  });
  const width = simdWorks() ? 4 : 1;
  return (count, offsets, scalars) => exports.loop(count - (count % width), count, ...offsets, ...scalars);
}

/** WebAssembly's opcodes that are used, for one value and for four (behind the prefix 0xfd). */
const opcodes = {
  one: {
    load: [0x2a, 2, 0],
    store: [0x38, 2, 0],
    sqrt: [0x91],
    add: [0x92],
    sub: [0x93],
    mul: [0x94],
    div: [0x95],
    spread: [],
  },
  four: {
    load: [0xfd, 0x00, 2, 0],
    store: [0xfd, 0x0b, 2, 0],
    sqrt: [0xfd, 0xe3, 0x01],
    add: [0xfd, 0xe4, 0x01],
    sub: [0xfd, 0xe5, 0x01],
    mul: [0xfd, 0xe6, 0x01],
    div: [0xfd, 0xe7, 0x01],
    spread: [0xfd, 0x13],
  },
} as const;

type Width = keyof typeof opcodes;

const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
const [localGet, localSet, i32Const, i32Add, i32LessUnsigned, i32Shift] = [0x20, 0x21, 0x41, 0x6a, 0x49, 0x74];
const [block, loop, end, branch, branchIf, i32IsZero, empty] = [0x02, 0x03, 0x0b, 0x0c, 0x0d, 0x45, 0x40];

/** A module with one function, `loop(countOfFours, count, …offsets, …scalars)`. */
function moduleBytes(shape: LoopShape): Uint8Array {
  const pointers = shape.arrays + shape.outputs.length;
  const parameters = [i32, i32, ...Array<number>(pointers).fill(i32), ...Array<number>(shape.scalars).fill(f32)];
  const place = parameters.length;
  const body = [...(simdWorks() ? walk(shape, 'four', place, 0) : []), ...walk(shape, 'one', place, 1), end];
  // Locals: the place, and the outputs of four and of one value, which are all computed before any is stored.
  const { length } = shape.outputs;
  const locals = vector([
    [...unsigned(1), i32],
    [...unsigned(length), v128],
    [...unsigned(length), f32],
  ]);
  const code = [...locals, ...body];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([[0x60, ...unsigned(parameters.length), ...parameters, 0]])),
    ...section(2, vector([[...text('env'), ...text('memory'), 2, 0, 0]])),
    ...section(3, vector([[0]])),
    ...section(7, vector([[...text('loop'), 0, 0]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}

/** while (place < limit) { outputs = …; place += width }, where the limit is a parameter. */
function walk(shape: LoopShape, width: Width, place: number, limit: number): number[] {
  const first = place + 1 + (width === 'one' ? shape.outputs.length : 0);
  const get = (local: number) => [localGet, ...unsigned(local)];
  const address = (pointer: number) => [...get(2 + pointer), ...get(place), i32Const, 2, i32Shift, i32Add];
  const values = shape.outputs.flatMap((output, i) => [
    ...expression(output, shape, width, address),
    localSet,
    ...unsigned(first + i),
  ]);
  const stores = shape.outputs.flatMap((_, i) => [
    ...address(shape.arrays + i),
    ...get(first + i),
    ...opcodes[width].store,
  ]);
  const step = [...get(place), i32Const, width === 'four' ? 4 : 1, i32Add, localSet, ...unsigned(place)];
  const leave = [...get(place), ...get(limit), i32LessUnsigned, i32IsZero, branchIf, 1];
  return [block, empty, loop, empty, ...leave, ...values, ...stores, ...step, branch, 0, end, end];
}

function expression(of: Expression, shape: LoopShape, width: Width, address: (pointer: number) => number[]): number[] {
  const codes = opcodes[width];
  const inner = (part: Expression) => expression(part, shape, width, address);
  switch (of.kind) {
    case 'array':
      return [...address(of.index), ...codes.load];
    case 'scalar':
      return [localGet, ...unsigned(2 + shape.arrays + shape.outputs.length + of.index), ...codes.spread];
    case 'sqrt':
      return [...inner(of.of), ...codes.sqrt];
    default:
      return [...inner(of.left), ...inner(of.right), ...codes[of.kind]];
  }
}

const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
const vector = (items: number[][]) => [...unsigned(items.length), ...items.flat()];
const text = (value: string) => vector([...Buffer.from(value)].map((byte) => [byte]));

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
