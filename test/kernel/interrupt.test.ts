// Every way a cell can go on for ever, ended by a message and by a signal, through the built kernel, on each Node that is supported.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { evaluate, type Running, startProcess } from './processes.ts';

/** Each is begun once it has printed. */
const ENDLESS: Readonly<Record<string, string>> = {
  'a synchronous loop': 'for (;;) n++;',
  'a loop after an await': 'await null; for (;;) n++;',
  'endless microtasks': 'for (;;) { await null; n++; }',
  'microtasks that no await of the cell makes':
    'const again = () => { n++; Promise.resolve().then(again); }; again(); await new Promise(() => {});',
  'a loop over timers': 'for (;;) { await new Promise((resolve) => setTimeout(resolve, 1)); n++; }',
  'a loop over immediates': 'for (;;) { await new Promise((resolve) => setImmediate(resolve)); n++; }',
  'a printing loop': 'for (;;) console.log("x");',
  'a printing loop over awaits': 'for (;;) { console.log("x"); await null; }',
  'Atomics.wait': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  'a regular expression that backtracks for ever': '/^(a+)+$/.test("a".repeat(40) + "b");',
  'a promise that never settles': 'await new Promise(() => {});',
  'a loop in a timer': 'setTimeout(() => { for (;;) n++; }, 1); await new Promise(() => {});',
  'a training': `const x = tf.ones([64, 8]), y = tf.ones([64, 1]);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [8] })] });
    model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
    await model.fit(x, y, { epochs: 1e6, verbose: 0 });`,
  'a child that is spawned':
    'import { spawn } from "node:child_process"; await new Promise((r) => spawn("sleep", ["60"]).on("exit", r));',
  'a child that is executed, a promise of it':
    'import { promisify } from "node:util"; import { exec } from "node:child_process"; await promisify(exec)("sleep 60; echo never");',
  'a child that execSync waits for': 'import { execSync } from "node:child_process"; execSync("sleep 60; echo never");',
  'a child that spawnSync waits for': 'import { spawnSync } from "node:child_process"; spawnSync("sleep", ["60"]);',
  'a child whose output is read by for await':
    'import { spawn } from "node:child_process"; for await (const chunk of spawn("yes").stdout) n += chunk.length;',
  'a child that holds SIGINT back': '!trap "" INT; while true; do sleep 1; done',
};

const { testNode } = (await import(new URL('../../../scripts/node.js', import.meta.url).href)) as {
  testNode(major: number): Promise<string | undefined>;
};

for (const [name, node] of [
  [`Node ${process.versions.node}`, process.execPath],
  ['Node 22', await testNode(22)],
  ['Node 24', await testNode(24)],
] as const) {
  const skip = node ? false : `no ${name} could be had`;
  test(`on ${name} every endless cell is ended by either interrupt, and the next finds the state`, {
    skip,
  }, async () => {
    await using kernel = await startProcess({ node: node!, group: true });
    const { client } = kernel;
    const session = await evaluate(
      client,
      'let n = 1; const kept = { a: [1, 2] }; const held = tf.ones([3]); process.pid',
    );
    const ways: Readonly<Record<string, () => unknown>> = {
      interrupt_request: () => client.send('control', 'interrupt_request'),
      // Jupyter signals the group: the session and what a cell started get it, too.
      SIGINT: () => process.kill(-kernel.process.pid!, 'SIGINT'),
    };
    for (const [form, code] of Object.entries(ENDLESS)) {
      for (const [way, interrupt] of Object.entries(ways)) {
        const { ename, evalue } = await interrupted(kernel, code, interrupt).catch((error) => {
          throw new Error(`${form}, by ${way}: ${error.message}`);
        });
        assert.equal(`${ename}: ${evalue}`, 'KeyboardInterrupt: The cell was interrupted.', `${form}, by ${way}`);
        const left = await evaluate(client, '[n > 0, kept.a.length, held.shape[0]]');
        assert.equal(left, '[ true, 2, 3 ]', `after ${form}, by ${way}`);
      }
    }
    for (const interrupt of Object.values(ways)) {
      // What a cell left behind holds up the next one; with none waiting, the interrupt ends it alone.
      for (const left of [
        'setInterval(() => { for (;;) n++; }, 5)',
        'const again = () => Promise.resolve().then(again); again()',
      ])
        for (const waits of [true, false]) {
          const id = await client.execute(`n = 0; setTimeout(() => { console.log("late"); ${left}; }, 5); undefined`);
          await client.find((m) => m.type === 'stream' && m.parent.msg_id === id);
          await delay(40);
          const next = waits ? await client.execute('"next"') : undefined;
          if (next) await client.find((m) => m.type === 'execute_input' && m.parent.msg_id === next);
          await interrupt();
          if (next) assert.equal((await client.finish(next)).reply.content.ename, 'KeyboardInterrupt', left);
          await client.find((m) => m.type === 'error' && m.parent.msg_id === id);
          assert.equal(await evaluate(client, 'kept.a.length'), '2', left);
        }
    }
    assert.equal(await evaluate(client, 'process.pid'), session, 'it is the same session still');
  });
}

/** Runs a cell, interrupts it once it has begun, and gives the content of its reply. */
async function interrupted({ client }: Running, code: string, interrupt: () => unknown) {
  const id = await client.execute(code.startsWith('!') ? code : `console.log("begun");\n${code}`);
  const type = code.startsWith('!') ? 'execute_input' : 'stream';
  await client.find((message) => message.type === type && message.parent.msg_id === id, 'begin');
  await delay(40);
  await interrupt();
  return (await client.finish(id)).reply.content;
}
