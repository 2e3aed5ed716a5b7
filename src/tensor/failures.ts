// An error of a kernel, whatever backend it is of, told so that a person can mend it: the op, what must hold, what came.
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { NotRecordable } from './trace/current.ts';

type Inputs = Readonly<Record<string, TensorInfo | readonly TensorInfo[] | null | undefined>> | readonly TensorInfo[];

/** Told already: kernels call one another. */
const told = new WeakSet<Error>();

/** What V8 says when an array would be larger than it has any. */
const tooLarge = /^(Invalid typed array length|Array buffer allocation failed|Invalid array (buffer )?length)/;

/** Kernels whose errors, where tfjs's own code throws them, say all that is needed, in words that tfjs's specs compare. */
const ownWords = new Set(
  'Einsum RaggedGather RaggedRange SparseFillEmptyRows SparseReshape SparseSegmentMean SparseSegmentSum'.split(' '),
);

/** The error to throw for one that a kernel of a backend threw. */
export function explained(error: unknown, kernelName: string, backendName: string, inputs: Inputs): unknown {
  if (!(error instanceof Error) || error instanceof NotRecordable || told.has(error)) return error;
  if (ownWords.has(kernelName) && backendName !== 'tensorflow') return error;
  const given = Object.entries(inputs).filter((entry): entry is [string, TensorInfo | TensorInfo[]] =>
    Boolean(entry[1]),
  );
  const gone = given.find(([, input]) => [input].flat().some((info) => (info as Tensor).isDisposed));
  const explanation = gone
    ? new Error(`${kernelName}: ${gone[0]} has been disposed, ${describe(gone[1])}`, { cause: error })
    : error;
  if (!gone) {
    const came = given.map(([name, input]) => `${name} ${describe(input)}`).join(', ');
    const message = tooLarge.test(error.message) ? `out of memory: ${error.message}` : error.message;
    const got = message.endsWith('.') ? ' Got' : '; got';
    error.message = `${kernelName}: ${message}${came && `${got} ${came}`}`;
  }
  told.add(explanation);
  return explanation;
}

const describe = (input: TensorInfo | readonly TensorInfo[]): string =>
  [input]
    .flat()
    .map(({ dtype, shape }) => `${dtype} [${shape}]`)
    .join(', ');

/** Names of `core` whose values JavaScript makes, before any kernel. */
const made = ['zeros', 'ones', 'buffer', 'eye', 'linspace', 'range'] as const;

type Maker = (...given: unknown[]) => unknown;

/** Lets what makes tensors say that there is not so much memory, where JavaScript says only that an array is too long. */
export function explainMaking(core: Record<string, unknown>): void {
  for (const name of made) {
    const make = core[name] as Maker;
    const explaining = (...given: unknown[]): unknown => {
      try {
        return make(...given);
      } catch (error) {
        if (error instanceof RangeError && tooLarge.test(error.message) && !told.has(error)) {
          error.message = `${name}: out of memory: ${error.message}; got ${JSON.stringify(given).slice(1, -1)}`;
          told.add(error);
        }
        throw error;
      }
    };
    core[name] = Object.defineProperty(explaining, 'name', { value: make.name });
  }
}
