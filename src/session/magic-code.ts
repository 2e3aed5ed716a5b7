// The code of `%time` and its kin: compiled as a part of its cell, at its own place, so that names live on and errors find their line.
import type { Evaluator, PreparedCell } from './evaluate.ts';
import type { Compiled, MagicCall } from './parts.ts';

/** `load` brings what the code mentions and no cell has loaded. */
export async function compileMagic(
  evaluator: Evaluator,
  label: string,
  load: (prepared: PreparedCell) => Promise<void>,
  call: MagicCall,
  form: 'once' | 'repeat',
): Promise<Compiled> {
  const { cell, codeStart } = call;
  const end = call.kind === 'cell' ? cell.length : call.end;
  if (codeStart === undefined || cell.slice(codeStart, end).trim() === '')
    throw new SyntaxError(`%${call.name}: code must follow, such as %${call.name} Math.sqrt(2)`);
  const blank = cell.slice(0, codeStart).replace(/[^\n]/g, ' ');
  const code = cell.slice(codeStart, end);
  const once = evaluator.prepare(blank + code, label, cell);
  await load(once);
  if (form === 'once') return once;
  // Whatever the code declares is its own in each round.
  const loop = once.isAsync
    ? `async ($times: number) => { while ($times-- > 0) {`
    : `($times: number) => { while ($times-- > 0) {`;
  const looped = evaluator.prepare(`(${loop}\n${code}\n}})`, label).run() as (times: number) => unknown;
  return { isAsync: once.isAsync, run: (times = 1) => looped(times) };
}
