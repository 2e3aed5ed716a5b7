// What came into an operation on tensors that failed, kept with its error: the variables of a function are gone when the error is told.

/** What is told of a tensor. */
export interface TensorForm {
  readonly dtype: string;
  readonly shape: readonly number[];
}

const noted = new WeakMap<object, readonly TensorForm[]>();

/**
 * Notes the tensors that an operation was given, in its order; optional ones may be missing. Of operations within one another the
 * outermost, noted last, stays.
 */
export function noteInputs(error: unknown, inputs: readonly (TensorForm | null | undefined)[]): void {
  if (typeof error !== 'object' || error === null) return;
  const given = inputs.flatMap((one) => (one ? [{ dtype: one.dtype, shape: [...one.shape] }] : []));
  noted.set(error, given);
}

/** The tensors noted with an error, none if there are none. */
export function inputsOf(error: object): readonly TensorForm[] {
  return noted.get(error) ?? [];
}
