// The prompt on the other versions of Node that are supported.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noPython, Tty } from './tty.ts';

// Of the scripts of the project, which are not compiled with it.
const { testNode } = (await import(new URL('../../../scripts/node.js', import.meta.url).href)) as {
  testNode(major: number): Promise<string | undefined>;
};

const home = mkdtempSync(join(tmpdir(), 'tensorcell-terminal-nodes-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

for (const major of [22, 24]) {
  const node = await testNode(major);
  test(`edits, completes, pastes, interrupts, remembers and survives a crash on Node ${major}`, {
    skip: noPython || (node === undefined && `no Node ${major} could be had`),
  }, async () => {
    // Of its own: a cell that the other has kept would be suggested, and stand on the screen before any name is offered.
    await using tty = new Tty({ home: mkdtempSync(join(home, 'node-')), node });
    await tty.prompt(1);
    tty.keys('const word = "漢字"\r');
    await tty.prompt(2);
    tty.keys('word.toUp');
    await tty.until('toUpperCase');
    tty.keys('\t');
    await tty.until('In [2]: word.toUpperCase');
    tty.keys('()');
    await tty.until('toUpperCase()');
    tty.keys('\r');
    await tty.until("Out[2]: '漢字'");
    await tty.prompt(3);
    tty.paste('const pasted = [\n1,\n2]\npasted.length');
    await tty.until(/pasted\.length$/);
    tty.resize(60, 20).keys('\r');
    await tty.until('Out[3]: 2');
    await tty.prompt(4);
    tty.keys('console.log("on"); for (;;);\r');
    await tty.until(/^on$/m);
    tty.keys('\u0003');
    await tty.until('KeyboardInterrupt');
    await tty.prompt(5);
    tty.keys('process.exit(4)\r');
    await tty.until('code 4. Its');
    await tty.prompt(6);
    tty.keys('\u0012word');
    await tty.until(/search: word +\d found/);
    tty.keys('\u0007\u0004');
    await tty.ended;
  });
}
