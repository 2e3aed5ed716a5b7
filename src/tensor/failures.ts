// An error of a kernel, whatever backend it is of, told so that a person can mend it: the op, what must hold, what came.
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { NotRecordable } from './trace/current.ts';

type Inputs = Readonly<Record<string, TensorInfo | readonly TensorInfo[] | null | undefined>> | readonly TensorInfo[];

/** Told already: kernels call one another. */
const told = new WeakSet<Error>();

/** What V8 says when an array would be larger than it has any. */
const tooLarge = /^(Invalid typed array length|Array buffer allocation failed|Invalid array (buffer )?length)/;

/** The words for an error of JavaScript's that says only that an array is too long; undefined for others. */
export const outOfMemory = ({ message }: Error): string | undefined =>
  tooLarge.test(message) ? `out of memory: ${message}` : undefined;

/** The error to throw for one that a kernel of a backend threw. */
export function explained(error: unknown, kernelName: string, inputs: Inputs): unknown {
  if (!(error instanceof Error) || error instanceof NotRecordable || told.has(error)) return error;
  const given = Object.entries(inputs).filter((entry): entry is [string, TensorInfo | TensorInfo[]] =>
    Boolean(entry[1]),
  );
  const gone = given.find(([, input]) => [input].flat().some((info) => (info as Tensor).isDisposed));
  const explanation = gone
    ? new Error(`${kernelName}: ${gone[0]} has been disposed, ${describe(gone[1])}`, { cause: error })
    : error;
  if (!gone) {
    const message = outOfMemory(error) ?? error.message;
    const came = given.map(([name, input]) => `${name} ${describe(input)}`).join(', ');
    const shapes = given.flatMap(([, input]) => [input].flat().map(({ shape }) => `[${shape}]`));
    // Kernels of ours name the operation that was called, `matMul` for BatchMatMul, and some say what came.
    const named = /^(\w+): /.exec(message)?.[1];
    const isNamed = named !== undefined && kernelName.toLowerCase().includes(named.toLowerCase());
    const isSaid =
      shapes.length === 0 || (/\bgot\b/i.test(message) && shapes.every((shape) => message.includes(shape)));
    const got = message.endsWith('.') ? ' Got' : '; got';
    error.message = `${isNamed ? '' : `${kernelName}: `}${message}${isSaid ? '' : `${got} ${came}`}`;
  }
  told.add(explanation);
  return explanation;
}

const describe = (input: TensorInfo | readonly TensorInfo[]): string =>
  [input]
    .flat()
    .map(({ dtype, shape }) => `${dtype} [${shape}]`)
    .join(', ');
