// TensorFlow's dtypes: their numbers in the C API and the bytes of an element.

/** Name → `TF_DataType` (tensorflow/c/tf_datatype.h), bytes an element. Strings and resources have no fixed size. */
const table = {
  float32: [1, 4],
  float64: [2, 8],
  int32: [3, 4],
  uint8: [4, 1],
  int16: [5, 2],
  int8: [6, 1],
  string: [7, 24],
  complex64: [8, 8],
  int64: [9, 8],
  bool: [10, 1],
  bfloat16: [14, 2],
  uint16: [17, 2],
  complex128: [18, 16],
  float16: [19, 2],
  resource: [20, 0],
  variant: [21, 0],
  uint32: [22, 4],
  uint64: [23, 8],
} as const satisfies Record<string, readonly [number, number]>;

export type Dtype = keyof typeof table;

const names: Dtype[] = [];
for (const [name, [code]] of Object.entries(table)) names[code] = name as Dtype;

/** The number of a dtype in the C API. */
export const dtypeCode = (dtype: Dtype): number => table[dtype][0];

/** Bytes of one element; of a string, the 24 of its `TF_TString`, without what it points to. */
export const dtypeBytes = (dtype: Dtype): number => table[dtype][1];

/** The dtype of a number of the C API. @throws RangeError for one that TensorFlow.js can't meet. */
export function dtypeOf(code: number): Dtype {
  const name = names[code];
  if (!name) throw new RangeError(`tensorflow: a tensor must have a known dtype, got number ${code}`);
  return name;
}
