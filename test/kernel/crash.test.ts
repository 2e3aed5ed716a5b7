// Sessions and kernels killed from outside: what the person is told, and what is left running.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, gone, pids, startProcess } from './processes.ts';

for (const [signal, words] of [
  ['SIGKILL', /ended by SIGKILL/],
  ['SIGSEGV', /native code \(SIGSEGV\)/],
] as const) {
  test(`a session that ${signal} ends from outside: the cell’s error names it, and so does the next cell when none ran`, async () => {
    await using kernel = await startProcess();
    const { client } = kernel;
    const running = Number(await evaluate(client, 'let mine = 1; process.pid'));
    const id = await client.execute('console.log("begun"); await new Promise(() => {})');
    await client.find(({ type, parent }) => type === 'stream' && parent.msg_id === id);
    process.kill(running, signal);
    const { reply } = await client.finish(id);
    assert.equal(reply.content.ename, 'SessionEnded');
    assert.match(String(reply.content.evalue), words);
    assert.match(String(reply.content.evalue), /variables are gone/);
    const idle = Number(await evaluate(client, 'process.pid'));
    assert.notEqual(idle, running);
    assert.equal(await evaluate(client, 'typeof mine'), "'undefined'");
    process.kill(idle, signal);
    await gone(idle);
    // A cell that comes before the kernel has seen the death is the one that fails, in the same words.
    const next = await client.finish(await client.execute('process.pid'));
    assert.match(JSON.stringify([next.reply.content, next.iopub.map(({ content }) => content)]), words);
    assert.match(String(await evaluate(client, '1 + 1')), /^2$/);
  });
}

test('a killed kernel takes its session and what a cell of it started', async () => {
  await using kernel = await startProcess();
  const others = await pids(kernel.client);
  kernel.process.kill('SIGKILL');
  await kernel.exited;
  await Promise.all(others.map(gone));
});
