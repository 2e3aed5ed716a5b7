// Pictures as the bytes of each protocol: through the program in a pseudo-terminal that answers as such a terminal does.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import { noPython, Tty, type TtyOptions } from './tty.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-pictures-'));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

const inTerminal = { skip: noPython };

const KITTY = '\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\';
const VERSION = '\u001b[>q';
const CELL_SIZE = '\u001b[16t';
const GROUND = '\u001b]11;?\u001b\\';
const ATTRIBUTES = '\u001b[c';

/** A cell whose value is a PNG of 2 × 2 pixels, red, green, blue and yellow, shown in 90 × 90 px: 10 columns. */
const FOUR =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFklEQVR4nGP4z8DwHwwZGP7//w9kAABHygj4/BTyWgAAAABJRU5ErkJggg==';
const PICTURE = `import { image } from 'tensorcell'; image("data:image/png;base64,${FOUR}", { width: 90, height: 90 })\r`;

const ESC = '\u001b';
/** What was sent to Kitty, but for the question: keys and data. */
function sentToKitty(tty: Tty): [keys: string, data: string][] {
  const sequence = new RegExp(`${ESC}_G([^;${ESC}]*);([^${ESC}]*)${ESC}\\\\`, 'g');
  const all = [...tty.written.matchAll(sequence)].map(([, keys, data]): [string, string] => [keys!, data!]);
  return all.filter(([keys]) => !keys.includes('a=q'));
}

/** A terminal in which the picture has been shown. */
async function shown(options: Partial<TtyOptions>, cell = PICTURE): Promise<Tty> {
  const tty = new Tty({ home, ...options });
  await tty.prompt(1);
  tty.paste(cell.trimEnd()).keys('\r');
  await tty.until(/Out\[1\]/);
  await tty.prompt(2);
  return tty;
}

/** Rows between the line of the value and the prompt behind it. */
function rowsBelow(tty: Tty): number {
  const lines = tty.text.split('\n');
  const value = lines.findIndex((line) => line.startsWith('Out[1]'));
  return lines.findLastIndex((line) => line.startsWith('In [2]')) - value - 1;
}

test('Kitty is sent the PNG as it is, in pieces, and its place in characters', inTerminal, async () => {
  await using tty = await shown({
    answers: { [KITTY]: '\u001b_Gi=31;OK\u001b\\', [CELL_SIZE]: '\u001b[6;18;9t', [ATTRIBUTES]: '\u001b[?62;c' },
  });
  const sent = sentToKitty(tty);
  assert.equal(sent[0]![0], 'a=T,f=100,q=2,C=1,c=10,r=5,m=0');
  assert.equal(sent.map(([, data]) => data).join(''), FOUR);
  assert.equal(rowsBelow(tty), 5);
});

test('a large picture goes to Kitty in pieces of 4,096 characters', inTerminal, async () => {
  const noise = `import { images } from 'tensorcell'; images(tf.randomUniform([1, 64, 64, 3]))\r`;
  await using tty = await shown(
    { answers: { [KITTY]: '\u001b_Gi=31;OK\u001b\\', [ATTRIBUTES]: '\u001b[?62;c' } },
    noise,
  );
  const sent = sentToKitty(tty);
  const last = sent.findLastIndex(([keys]) => keys.startsWith('a=T'));
  const pieces = sent.slice(last);
  assert.ok(pieces.length > 1);
  assert.ok(pieces.slice(0, -1).every(([keys, data]) => keys.endsWith('m=1') && data.length === 4096));
  assert.ok(pieces.at(-1)![0].endsWith('m=0'));
  const png = decode(Buffer.from(pieces.map(([, data]) => data).join(''), 'base64'));
  assert.ok(png.width >= 64 && png.height >= 64);
});

test('iTerm2 is sent the file', inTerminal, async () => {
  await using tty = await shown({
    answers: { [VERSION]: '\u001bP>|iTerm2 3.5.1\u001b\\', [ATTRIBUTES]: '\u001b[?62;4c' },
  });
  const [, keys, data] = new RegExp(`${ESC}\\]1337;File=([^:]*):([\\w+/=]*)\u0007`).exec(tty.written)!;
  assert.equal(data, FOUR);
  assert.equal(
    keys,
    `inline=1;size=${Buffer.from(FOUR, 'base64').length};width=10;height=5;preserveAspectRatio=0;doNotMoveCursor=1`,
  );
  assert.equal(rowsBelow(tty), 5);
});

test('a terminal with sixels is sent those, of as many pixels as its characters have', inTerminal, async () => {
  await using tty = await shown({ answers: { [CELL_SIZE]: '\u001b[6;16;8t', [ATTRIBUTES]: '\u001b[?62;4;6c' } });
  const [, body] = new RegExp(`${ESC}P0;1;0q([^${ESC}]*)${ESC}\\\\`).exec(tty.written)!;
  const { width, height, at } = readSixels(body!);
  assert.deepEqual([width, height], [80, 80]);
  assert.deepEqual(
    [at(0, 0), at(79, 0), at(0, 79), at(79, 79), at(39, 39), at(40, 40)],
    [
      [100, 0, 0],
      [0, 100, 0],
      [0, 0, 100],
      [100, 100, 0],
      [100, 0, 0],
      [100, 100, 0],
    ],
  );
  assert.equal(rowsBelow(tty), 5);
});

/** What sixels show, as percent of red, green and blue. */
function readSixels(body: string) {
  const [, width, height] = /^"1;1;(\d+);(\d+)/.exec(body)!.map(Number);
  const colors = new Map<number, number[]>();
  const pixels = new Map<string, number>();
  let [x, top, color] = [0, 0, 0];
  for (const [token] of body.replace(/^"[\d;]*/, '').matchAll(/#[\d;]+|!\d+.|[?-~$-]/g)) {
    if (token.startsWith('#')) {
      const [number, kind, ...rest] = token.slice(1).split(';').map(Number);
      if (kind === 2) colors.set(number!, rest);
      else color = number!;
    } else if (token === '$') x = 0;
    else if (token === '-') [x, top] = [0, top + 6];
    else {
      const count = token.startsWith('!') ? Number.parseInt(token.slice(1), 10) : 1;
      const bits = token.charCodeAt(token.length - 1) - 63;
      for (let n = 0; n < count; n++, x++)
        for (let row = 0; row < 6; row++) if (bits & (1 << row)) pixels.set(`${x},${top + row}`, color);
    }
  }
  return { width, height, at: (x: number, y: number) => colors.get(pixels.get(`${x},${y}`)!) };
}

test('any other terminal shows half blocks, in as many colours as it has', inTerminal, async () => {
  for (const [env, wanted] of [
    [{ COLORTERM: 'truecolor' }, [0xff0000, 0x00ff00, 0x0000ff, 0xffff00]],
    [{ COLORTERM: '' }, [196, 46, 21, 226]],
  ] as const) {
    await using tty = await shown({ env, answers: { [ATTRIBUTES]: '\u001b[?1;2c' } });
    assert.equal(rowsBelow(tty), 5);
    const line = tty.colors(/▀/);
    assert.deepEqual(
      line
        .slice(0, 11)
        .map(({ text }) => text)
        .join(''),
      '▀▀▀▀▀▀▀▀▀▀',
    );
    assert.deepEqual([line[0]!.front, line[9]!.front], wanted.slice(2));
    assert.ok(!/P0;1;0q|1337|a=T/.test(tty.written));
  }
});

test('a terminal that does not answer is not waited for long', inTerminal, async () => {
  await using tty = await shown({});
  assert.match(tty.text, /▀{10}/);
});

test('without colours a picture is its text, and where the person wants none', inTerminal, async () => {
  const mine = mkdtempSync(join(home, 'none-'));
  writeFileSync(join(mine, 'config.json'), '{ "pictures": "none" }');
  for (const options of [{ env: { NO_COLOR: '1' } }, { home: mine }]) {
    await using tty = await shown({ ...options, answers: { [ATTRIBUTES]: '\u001b[?1;2c' } });
    assert.match(tty.text, /^Out\[1\]: \[PNG, 2 × 2, /m);
    assert.equal(rowsBelow(tty), 0);
  }
});

test('a person may say which way pictures are drawn', inTerminal, async () => {
  const mine = mkdtempSync(join(home, 'sixel-'));
  writeFileSync(join(mine, 'config.json'), '{ "pictures": "sixel" }');
  await using tty = await shown({ home: mine, answers: { [ATTRIBUTES]: '\u001b[?1;2c' } });
  assert.ok(tty.written.includes(`${ESC}P0;1;0q`));
});

test('what a cell shows stays in its order around a picture that takes a while', inTerminal, async () => {
  const cell = PICTURE.replace('image("', 'console.log("above"); display(image("').replace(
    ' })\r',
    ' })); console.log("below"); "last"\r',
  );
  await using tty = new Tty({ home, answers: { [ATTRIBUTES]: '\u001b[?1;2c' } });
  await tty.prompt(1);
  tty.paste(cell.trimEnd()).keys('\r');
  await tty.prompt(2);
  assert.match(tty.text, /^above\n\[PNG, 2 × 2, .*\]\n(▀{10}\n){5}below\nOut\[1\]: 'last'\nIn \[2\]:/m);
});

test('a chart is drawn, a transparent one on white where the terminal is dark', inTerminal, async () => {
  await using tty = await shown(
    {
      answers: {
        [KITTY]: '\u001b_Gi=31;OK\u001b\\',
        [GROUND]: '\u001b]11;rgb:1e1e/1e1e/1e1e\u001b\\',
        [ATTRIBUTES]: '\u001b[?62;c',
      },
    },
    `import { svg } from 'tensorcell'; svg('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle cx="45" cy="45" r="20" fill="red"/></svg>')\r`,
  );
  const data = sentToKitty(tty).map(([, piece]) => piece);
  const { width, height, data: pixels, channels } = decode(Buffer.from(data.join(''), 'base64'));
  assert.deepEqual([...pixels.slice(0, 3)], [255, 255, 255]);
  const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * channels;
  assert.deepEqual([...pixels.slice(middle, middle + 3)], [255, 0, 0]);
});

test('half blocks are drawn only where the text does not say more', inTerminal, async () => {
  await using tty = await shown(
    { answers: { [ATTRIBUTES]: '\u001b[?1;2c' } },
    'import { confusionMatrix } from "tensorcell"; display(tf.eye(8)); confusionMatrix([0, 1, 2, 1], [0, 1, 1, 1])\r',
  );
  assert.match(tty.text, /75 % of 4 right/);
  assert.ok(!/[▀▄]{4}/.test(tty.text));
});

test(
  'a chart that its text draws in braille is drawn once: as a picture where the terminal can',
  inTerminal,
  async () => {
    const training =
      'import { training } from "tensorcell"; const run = training.track({ epochs: 40 }); for (let n = 1; n <= 40; n++) run.epoch({ loss: 1 / n }); run.end(); 1\r';
    for (const [answer, isDrawn] of [
      ['', false],
      ['\u001b_Gi=31;OK\u001b\\', true],
    ] as const) {
      await using tty = await shown({ answers: { [KITTY]: answer, [ATTRIBUTES]: '\u001b[?1;2c' } }, training);
      assert.equal(/[\u2801-\u28ff]/.test(tty.text), !isDrawn);
      assert.equal(sentToKitty(tty).length > 0, isDrawn);
      assert.match(tty.text, /loss/);
    }
  },
);

test('a picture is as wide as the terminal at most, and leaves a row for the prompt', inTerminal, async () => {
  const wide = `import { svg } from "tensorcell"; svg('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><rect width="900" height="900"/></svg>')\r`;
  for (const [columns, rows, width, height] of [
    [20, 40, 19, 10],
    [200, 12, 18, 9],
  ] as const) {
    await using tty = new Tty({
      home,
      columns,
      rows,
      answers: { [KITTY]: '\u001b_Gi=31;OK\u001b\\', [ATTRIBUTES]: '\u001b[?62;c' },
    });
    await tty.until(columns < 30 ? /^1>/m : /^In \[1\]:/m);
    tty.keys(wide);
    await tty.until(() => sentToKitty(tty).length > 0);
    assert.match(sentToKitty(tty)[0]![0], new RegExp(`c=${width},r=${height},`));
    await tty.until(columns < 30 ? /^2>/m : /^In \[2\]:/m);
  }
});

test('a damaged picture is told of, and the session goes on', inTerminal, async () => {
  await using tty = await shown(
    { answers: { [ATTRIBUTES]: '\u001b[?1;2c' } },
    PICTURE.replace('FklEQVR4nGP4z8DwHwwZGP7', 'FklEQVR4nGP4AAAAAAAAAAA'),
  );
  assert.match(tty.text, /In \[2\]:$/);
});
