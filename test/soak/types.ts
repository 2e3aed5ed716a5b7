// Many cells, each by the names of earlier ones, through one real kernel with types: how long a cell and a question take as the notebook
// grows, how the memory goes, and how long the questions take beside a cell in a loop.
import { treeMemory } from '../../bench/memory.ts';
import { KernelClient } from '../../kernel/client.ts';
import type { ReplyContent } from '../../kernel/messages.ts';

export interface TypesSoak {
  /** One line for each cell or answer that was not as it must be; none after a good run. */
  readonly faults: readonly string[];
  /** Of the kernel, its session and TypeScript's server, in MB, at each tenth of the run; empty where that can't be told. */
  readonly memory: readonly number[];
  /** Medians in ms, at the end of the first tenth and of the last. */
  readonly cell: readonly [first: number, last: number];
  readonly questions: Readonly<Record<Question, readonly [first: number, last: number]>>;
  /** The same beside a cell in a loop, at the last cell. */
  readonly beside: Readonly<Record<Question, number>>;
  readonly seconds: number;
}

type Question = 'completion' | 'hover' | 'signature';

/** Times that each question is asked for a median. */
const TIMES = 31;

/** A cell of a notebook that grows: values, functions, types, tensors, what is assigned and what is declared anew. */
function cellOf(n: number): { readonly code: string; readonly value: string } {
  const before = Math.max(0, n - 1);
  const kinds = [
    `const row${n} = { id: ${n}, label: 'row', before: row${before}.id };\nrow${n}.id`,
    `interface Shape${n} { width: number; height: number }\nconst row${n} = { id: ${n}, shape: { width: 1, height: 2 } as Shape${n} };\nrow${n}.id`,
    `/** Adds ${n}. @param amount what to add to */\nfunction add${n}(amount: number, note = 'x') { return amount + ${n} }\nconst row${n} = { id: add${n}(0) };\nrow${n}.id`,
    `const row${n} = { id: ${n} };\ntotal += row${n}.id - row${before}.id;\nconst again = row${n};\nagain.id`,
    `const image${n} = tf.tensor2d([[${n}, 1]]).add(1).sum();\nconst row${n} = { id: image${n}.dataSync()[0]! - 3 };\nimage${n}.dispose();\nrow${n}.id`,
  ];
  // Every tenth cell computes with tensors: their types are by far the most.
  return { code: n % 10 === 9 ? kinds[4]! : kinds[n % 4]!, value: `${n}` };
}

/** Runs so many cells (at least 20). */
export async function soakTypes(cells: number): Promise<TypesSoak> {
  const start = performance.now();
  await using client = await KernelClient.start();
  const faults: string[] = [];
  const expect = (what: string, came: string | undefined, wanted: string) => {
    if (came !== wanted) faults.push(`${what}: ${came?.slice(0, 200)}, not ${wanted}`);
  };
  const run = async (code: string) => {
    const began = performance.now();
    const { reply, published } = await client.run(code);
    const took = performance.now() - began;
    const value = published.find(({ type }) => type === 'execute_result')?.content as {
      data?: Record<string, unknown>;
    };
    const came = reply.status === 'error' ? `${reply.ename}: ${reply.evalue}` : String(value?.data?.['text/plain']);
    return { took, came };
  };
  /** Each question on a name of an early cell and of the newest; medians. */
  const ask = async (newest: number) => {
    const names = [`row3`, `row${newest}`];
    const times: Record<Question, number[]> = { completion: [], hover: [], signature: [] };
    for (let i = 0; i < TIMES; i++) {
      const name = names[i % 2]!;
      const timed = async <T>(question: Question, asked: Promise<T>) => {
        const began = performance.now();
        const answer = await asked;
        times[question].push(performance.now() - began);
        return answer;
      };
      const completion = await timed('completion', client.complete(`${name}.i`));
      expect(`completion of ${name}.i`, completion.status === 'ok' ? completion.matches.join() : 'failed', 'id');
      const hover = await timed('hover', client.inspect(name));
      expect(`hover of ${name}`, /^const row\d+: /.exec(textOf(hover))?.[0], `const ${name}: `);
      const call = await timed('signature', client.inspect('add2(1, '));
      expect('signature', textOf(call).split('\n')[0], 'add2(amount: number, note?: string): number');
    }
    return { completion: median(times.completion), hover: median(times.hover), signature: median(times.signature) };
  };

  await run('let total = 0; const row0 = { id: 0 };');
  const memory: number[] = [];
  const took: number[] = [];
  let first: Record<Question, number> | undefined;
  for (let n = 1; n <= cells; n++) {
    const { code, value } = cellOf(n);
    const ran = await run(code);
    expect(`cell ${n}`, ran.came, value);
    took.push(ran.took);
    if (n % Math.ceil(cells / 10) !== 0) continue;
    first ??= await ask(n);
    const now = treeMemory(client.pid!);
    if (now !== undefined) memory.push(now);
  }
  const tenth = Math.ceil(cells / 10);
  const last = await ask(cells);
  expect('a wrong cell', (await run(`const wrong: string = row${cells}.id`)).came.split(':')[0], 'TS2322');
  let began: () => void;
  const inLoop = new Promise<void>((resolve) => {
    began = resolve;
  });
  const loop = client.execute('console.log("in"); for (;;);', {
    onPublished: (message) => message.type === 'stream' && began(),
  });
  await inLoop;
  const beside = await ask(cells);
  await client.interrupt();
  await loop.done;
  expect('after the loop', (await run('row3.id')).came, '3');
  const pair = (question: Question) => [first![question], last[question]] as const;
  return {
    faults,
    memory,
    // The first cells start the server and read the types of tensors.
    cell: [median(took.slice(tenth, 2 * tenth)), median(took.slice(-tenth))],
    questions: { completion: pair('completion'), hover: pair('hover'), signature: pair('signature') },
    beside,
    seconds: (performance.now() - start) / 1000,
  };
}

function textOf(reply: ReplyContent<'inspect'>): string {
  return reply.status === 'ok' ? String(reply.data['text/plain']) : 'failed';
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
