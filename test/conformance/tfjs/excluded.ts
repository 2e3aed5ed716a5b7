// The specs of tfjs-core that fail here, each with its reason. A listed spec that passes fails the test: take it off the list.

export interface Excluded {
  /** The spec's full name, as the test prints it. */
  readonly name: string;
  /** Where it fails; without: on every backend. */
  readonly backend?: string;
  readonly reason: string;
}

export const excluded: readonly Excluded[] = [
  {
    name: 'floor throws for int32 tensor',
    reason:
      'the session’s floor takes whole numbers, as labels of sparseCategoricalCrossentropy are (src/tensor/integers.ts)',
  },
];
