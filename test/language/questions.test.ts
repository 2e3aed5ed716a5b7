// Completion, hover and signature help by the real server, place by place; `|` is the cursor.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { completeTyped, hover } from '../../src/language/questions.ts';
import { check, freshChecker } from './harness.ts';

const CELLS = [
  'const user = { firstName: "Ada", born: 1815, "odd-name": 1, get age() { throw new Error("a getter ran"); } };',
  '/** Adds numbers. @param a the first */\nfunction add(a: number, b?: number): number { return a + (b ?? 0) }',
  'type Mode = "fast" | "slow"; function run(mode: Mode, options: { verbose?: boolean; depth: number }) {}',
  'class Shape { #secret = 1; area() { return 2 } static unit = 1 }\nconst shape = new Shape(); const größe = 1;',
  'import * as path from "node:path"; enum Color { Red, Green } let maybe: string | undefined; interface Options { depth: number }',
  'const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }); const image = tf.tensor2d([[1, 2]]);',
];

const checker = freshChecker();
before(async () => {
  for (const cell of CELLS) assert.deepEqual(await check(checker, cell), []);
});

function at(text: string): [code: string, cursor: number] {
  return [text.replace('|', ''), text.indexOf('|')];
}

/** Place → names that are among the answers, and in this order. */
const completions: [text: string, ...names: string[]][] = [
  ['user.|', 'age', 'born', 'firstName'],
  ['user.fi|', 'firstName'],
  ['user.FI|', 'firstName'],
  ['user?.bo|', 'born'],
  ['user["|"]', 'born', 'odd-name'],
  ['user.firstName.toUp|', 'toUpperCase'],
  ['[1, 2].map((v) => v.toF|)', 'toFixed'],
  ['"😀"; user.fi|', 'firstName'],
  ['const é = "😀😀";\nuser.|', 'born'],
  ['run("|")', 'fast', 'slow'],
  ["run('f|')", 'fast'],
  ['run("fast", { | })', 'depth', 'verbose'],
  ['const o: Options = { de| }', 'depth'],
  ['shape.|', 'area'],
  ['Shape.un|', 'unit'],
  ['Color.|', 'Green', 'Red'],
  ['path.jo|', 'join'],
  ['maybe.len|', 'length'],
  ['ad|', 'add'],
  ['us|', 'user'],
  ['größ|', 'größe'],
  ['let s: Sha|', 'Shape'],
  ['let p: Prom|', 'Promise'],
  ['import { readFileS| } from "node:fs"', 'readFileSync'],
  ['import fs from "node:f|"', 'node:fs', 'node:fs/promises'],
  ['import { html| } from "tensorcell"', 'html'],
  ['tf.tensor2|', 'tensor2d'],
  ['tf.layers.den|', 'dense'],
  ['tf.layers.dense({ units: 1, activation: "re|" })', 'relu', 'relu6'],
  ['tf.layers.dense({ un| })', 'units'],
  ['model.fi|', 'findLayer', 'fit', 'fitDataset'],
  ['image.mat|', 'matMul'],
  ['image.sum().|', 'dataSync'],
  ['const user = { other: 1 };\nuser.|', 'other'],
  ['function inner() { const local = { deep: 1 }; local.| }', 'deep'],
  ['%help\nuser.fi|', 'firstName'],
  ['const e = <div>{user.fi|}</div>', 'firstName'],
  ['if (user.|', 'born'],
  ['await model.fi|', 'fit'],
  ['shape.area().|\nconst z = 1;', 'toFixed'],
];

/** Place → names that must not be among the answers. */
const absent: [text: string, ...names: string[]][] = [
  ['const user = { other: 1 };\nuser.|', 'firstName'],
  ['shape.|', '#secret', 'unit'],
  ['user.|', '["odd-name"]', '[odd-name]'],
  ['import x from "./|"', '__tensorcell_1', '__tensorcell'],
];

describe('completion', () => {
  for (const [text, ...names] of completions) {
    it(text, async () => {
      const [code, cursor] = at(text);
      const found = await completeTyped(checker, code, cursor);
      const texts = found!.items.map((item) => item.text);
      assert.deepEqual(
        texts.filter((name) => names.includes(name)),
        names,
      );
      const typed = code.slice(found!.start, cursor).toLowerCase();
      assert.ok(texts.every((name) => name.toLowerCase().startsWith(typed)));
    });
  }

  for (const [text, ...names] of absent) {
    it(`${text}, without ${names.join(', ')}`, async () => {
      const found = await completeTyped(checker, ...at(text));
      assert.deepEqual(
        found!.items.filter((item) => names.includes(item.text)),
        [],
      );
    });
  }

  it('brings kinds, signatures and the beginning of the documentation', async () => {
    let item: Awaited<ReturnType<typeof first>>;
    const first = async () => (await completeTyped(checker, 'add', 3))!.items[0]!;
    // Documentation that is late is left out: on a busy machine the first list may come without.
    do item = await first();
    while (item.signature === undefined);
    assert.equal(item.text, 'add');
    assert.equal(item.kind, 'function');
    assert.equal(item.signature, 'function add(a: number, b?: number): number');
    assert.match(item.documentation!, /^Adds numbers\./);
  });
});

/** Place → what its hover says. */
const hovers: [text: string, signature: RegExp | undefined, documentation?: RegExp][] = [
  ['us|er', /^const user: \{\n {4}firstName: string;/],
  ['user|', /^const user: \{/],
  ['user.bo|rn', /^born: number$/],
  ['user.a|ge', /^age: never|^age: any|^age: void/],
  ['ad|d', /^function add\(a: number, b\?: number\): number$/, /^Adds numbers\./],
  ['add(|', /^add\(a: number, b\?: number\): number$/, /^Now: `a: number` — the first\n\nAdds numbers\./],
  ['add(1, |)', /^add\(a: number, b\?: number\): number$/, /^Now: `b\?: number`/],
  ['shape.area(|)', /^area\(\): number$/],
  ['new Sha|pe()', /^class Shape$|^constructor Shape\(\): Shape$/],
  ['may|be', /^let maybe: string$/],
  ['tf.tensor2|d([[1]])', /^function tensor2d\(values: /, /^Creates rank-2 `tf\.Tensor`/],
  ['image.sha|pe', /^Tensor<tf?\.?Rank\.R2>\.shape: \[number, number\]$|shape: \[number, number\]$/],
  ['tf.sigmoid(image.matMul(image).add(1)).sum(0).sha|pe', /shape: \[number\]$/],
  ['tf.su|m(image)', /^const sum: tf\.?\w*|sum/, /^The sum of the elements/],
  ['model.f|it', /fit\(x: /],
  ['"😀"; ad|d', /^function add/],
  ['path.jo|in', /join\(\.\.\.paths: string\[\]\): string/],
  ['Mode|', undefined],
  ['unknown|Name', undefined],
  ['// ad|d', undefined],
];

describe('hover', () => {
  for (const [text, signature, documentation] of hovers) {
    it(text, async () => {
      const found = await hover(checker, ...at(text));
      if (signature === undefined)
        return void assert.ok(!found || /\b(?:any|type Mode)\b/.test(found.signature), found?.signature);
      assert.match(found!.signature, signature);
      if (documentation) assert.match(found!.documentation, documentation);
    });
  }
});
