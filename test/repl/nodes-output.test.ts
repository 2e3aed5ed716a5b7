// What the prompt shows, on the other versions of Node that are supported.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noPython, Tty } from './tty.ts';

// Of the scripts of the project, which are not compiled with it.
const { testNode } = (await import(new URL('../../../scripts/node.js', import.meta.url).href)) as {
  testNode(major: number): Promise<string | undefined>;
};

const home = mkdtempSync(join(tmpdir(), 'tensorcell-output-nodes-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const ESC = '\u001b';

for (const major of [22, 24]) {
  const node = await testNode(major);
  test(`draws pictures, pages, edits in an editor and saves on Node ${major}`, {
    skip: noPython || (node === undefined && `no Node ${major} could be had`),
  }, async () => {
    await using tty = new Tty({
      home,
      node,
      env: { VISUAL: 'echo 7 >>' },
      answers: { [`${ESC}_Gi=31`]: `${ESC}_Gi=31;OK${ESC}\\`, [`${ESC}[c`]: `${ESC}[?62;c` },
    });
    await tty.prompt(1);
    tty.keys(
      'import { svg } from "tensorcell"; svg(`<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>`)\r',
    );
    await tty.prompt(2);
    await tty.until(() => tty.written.includes(`${ESC}_Ga=T,f=100`));
    tty.keys('%help\r');
    await tty.until(/^1–23 of \d+ /m);
    tty.keys('q');
    await tty.prompt(3);
    tty.keys('%edit\r');
    await tty.until(/In \[3\]: 7$/);
    tty.keys('\r');
    await tty.until('Out[3]: 7');
    await tty.prompt(4);
    tty.keys(`%save -f node${major}.ipynb\r`);
    await tty.until('saved 3 cells');
    JSON.parse(readFileSync(join(home, `node${major}.ipynb`), 'utf8'));
  });
}
