// Bars and trainings that a cell leaves under way: an interrupt, an error and the end are told, in the display that was there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CellOutput } from '../../src/session/types.ts';
import { TestSession } from './harness.ts';

const session = new TestSession();

const textsOf = (outputs: readonly CellOutput[]) =>
  outputs.flatMap((output) => ('data' in output && output.type !== 'result' ? [output.data['text/plain']] : []));

/** Runs a cell, interrupts it at its first display, and gives all texts of its displays. */
async function interrupted(code: string): Promise<string[]> {
  const cell = session.next;
  const running = session.run(code);
  await session.until(cell, (outputs) => outputs.some(({ type }) => type === 'update_display'));
  session.client.interrupt();
  const { result, outputs } = await running;
  assert.equal(result.status, 'error');
  assert.equal(outputs.filter(({ type }) => type === 'display').length, 1);
  return textsOf(outputs);
}

test('an interrupt ends the bar of a loop, synchronous or not', async () => {
  await session.run("import { progress, runs, training } from 'tensorcell';");
  const loops = {
    sync: "for (const i of progress(1e9, 'busy')) Math.sqrt(i);",
    async: "for (const _ of progress(1e9, 'busy')) await new Promise((resolve) => setTimeout(resolve, 1));",
  };
  for (const code of Object.values(loops))
    assert.match((await interrupted(code)).at(-1)!, /^busy {2} +0 % .*, interrupted after /);
});

test('an interrupt ends a hand-written training, and an error too; both are kept', async () => {
  const code = (then: string) =>
    `{ const run = training.track({ name: 'mine', epochs: 1e6 }); for (let i = 0; ; i++) { run.epoch({ loss: 1 / (i + 1) }); ${then} } }`;
  assert.match((await interrupted(code(''))).at(-1)!, /^mine · interrupted after [\d]+ of 1,000,000 epochs/);
  const { outputs } = await session.run(code("if (i === 4) throw new Error('no data');"));
  assert.match(
    textsOf(outputs).at(-1)!,
    /^mine · failed after 5 of 1,000,000 epochs, [\d.]+ s: Error: no data\n +loss\n/,
  );
  assert.equal((await session.run('runs.all().map((run) => run.status).join()')).value, "'interrupted,error'");
});

test('a loop in the background goes on after its cell', async () => {
  const { cell } = await session.run(
    "void (async () => { for (const _ of progress(40, 'behind')) await new Promise((resolve) => setTimeout(resolve, 10)); })();",
  );
  await session.until(cell, (outputs) => textsOf(outputs).some((text) => /behind .*40\/40 in/.test(text)));
});
