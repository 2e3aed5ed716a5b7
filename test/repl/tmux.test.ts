// Pictures through a real tmux, which stands between the prompt and a terminal that knows more than it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BIN, noPython, Tty } from './tty.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-tmux-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const found = spawnSync('tmux', ['-V'], { encoding: 'utf8' });
const throughTmux = { skip: noPython || (found.status !== 0 && 'no tmux on this machine') };

const ESC = '\u001b';
/** 2 × 2 pixels in 90 × 90 px: 10 columns and 5 rows. */
const FOUR =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFklEQVR4nGP4z8DwHwwZGP7//w9kAABHygj4/BTyWgAAAABJRU5ErkJggg==';

/** A prompt in tmux in a terminal of that name, in which the picture has been shown. */
async function shown(terminal: string, passes: boolean, lines: number): Promise<Tty> {
  const folder = mkdtempSync(join(home, 'run-'));
  writeFileSync(join(folder, 'tmux.conf'), `set -g status off\nset -g allow-passthrough ${passes ? 'on' : 'off'}\n`);
  const command = `exec '${process.execPath}' '${BIN}'`;
  const tty = new Tty({
    home: folder,
    env: { TMUX: undefined, TMUX_TMPDIR: folder, COLORTERM: 'truecolor' },
    program: ['tmux', '-f', join(folder, 'tmux.conf'), 'new-session', command],
    answers: { [`${ESC}[>q`]: `${ESC}P>|${terminal}${ESC}\\`, [`${ESC}[c`]: `${ESC}[?62;22c` },
  });
  await tty.prompt(1);
  tty.keys(`for (let n = 0; n < ${lines}; n++) console.log("line", n)\r`);
  await tty.prompt(2);
  tty.keys('import { image } from "tensorcell"\r');
  await tty.prompt(3);
  tty.keys(`image("data:image/png;base64,${FOUR}", { width: 90, height: 90 })\r`);
  await tty.until('Out[3]');
  await tty.prompt(4);
  return tty;
}

test(
  'Kitty behind tmux is sent the picture by way of it, and characters in its place, which tmux can move',
  throughTmux,
  async () => {
    await using tty = await shown('kitty(0.35.2)', true, 0);
    const sent = new RegExp(`${ESC}_Ga=T,U=1,f=100,q=2,i=(\\d+),c=10,r=5,m=0;([^${ESC}]*)${ESC}\\\\`).exec(
      tty.written,
    )!;
    assert.equal(sent[2], FOUR);
    const line = tty.colors(/\u{10eeee}/u).slice(0, 11);
    assert.ok(line.slice(0, 10).every(({ text }) => text.startsWith('\u{10eeee}')));
    assert.equal(line[0]!.front, Number(sent[1]) & 255);
    const rows = tty.text.split('\n').filter((row) => row.includes('\u{10eeee}'));
    assert.deepEqual(
      rows.map((row) => row.slice(0, 4)),
      [0x305, 0x30d, 0x30e, 0x310, 0x312].map((mark) => `\u{10eeee}${String.fromCodePoint(mark, 0x305)}`),
    );
  },
);

for (const [name, protocol] of [
  ['WezTerm 20240203-110809', '1337;File=inline=1'],
  ['foot(1.16.2)', 'P0;1;0q'],
] as const) {
  test(`${name} behind tmux draws below its text, at the screen's end too`, throughTmux, async () => {
    for (const lines of [0, 60]) {
      await using tty = await shown(name, true, lines);
      const at = tty.written.indexOf(protocol);
      assert.ok(at > 0);
      // Where the cursor stood when the picture came: in the line below the value's.
      const before = await tty.screenAfter(at);
      assert.equal(before.lines[before.row - 1]!.slice(0, 20), 'Out[3]: [PNG, 2 × 2,');
      assert.equal(before.column, 0);
    }
  });
}

test('a tmux that keeps pictures back is told of once, and half blocks are drawn', throughTmux, async () => {
  await using tty = await shown('kitty(0.35.2)', false, 0);
  assert.match(tty.text, /▀{10}\ntmux keeps pictures from the terminal/);
  tty.keys(`image("data:image/png;base64,${FOUR}", { width: 90, height: 90 })\r`);
  await tty.until('Out[4]');
  await tty.prompt(5);
  assert.equal(tty.text.match(/tmux keeps/g)!.length, 1);
});
