// `%memory` in a session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backendsHere } from '../tensor/webgpu/vulkan.ts';
import { errorOf, TestSession } from './harness.ts';

for (const backend of backendsHere().filter((name) => name !== 'cpu')) {
  test(`%memory on ${backend} lists tensors by name with the cell that made them, and what each cell holds`, async () => {
    const session = new TestSession();
    await session.run(
      `%backend ${backend}\nconst x = tf.ones([1000, 250]); const list = [tf.zeros([10]), { y: tf.range(0, 3) }];`,
    );
    await session.run(`const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3 })] });
      const bag = new Map([['a', tf.zeros([7], 'bool')]]);
      for (let i = 0; i < 100; i++) tf.ones([1000]);`);
    const shown = await session.run('%memory');
    const lines = shown.value!.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
    assert.equal(lines[0], 'name | dtype | shape | bytes | cell | backend');
    for (const line of [
      `x | float32 | [1000, 250] | 1 MB | In[1] | ${backend}`,
      `list[0] | float32 | [10] | 40 B | In[1] | ${backend}`,
      `list[1].y | float32 | [3] | 12 B | In[1] | ${backend}`,
      `bag.get("a") | bool | [7] | 7 B | In[2] | ${backend}`,
    ])
      assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
    assert.ok(lines.some((line) => /^model: dense_.*kernel \| float32 \| \[4, 3\] \| 48 B \| In\[2\]/.test(line)));
    // The 100 lost ones are gone; what the cell added while it ran counts them.
    assert.ok(
      lines.some((line) => /^In\[1\] \| 3 \| 1 MB \| \+1 MB$/.test(line)),
      shown.value,
    );
    assert.ok(
      lines.some((line) => /^In\[2\] \| 3 \| 67 B \| \+400 kB$/.test(line)),
      shown.value,
    );
    assert.match(lines.at(-1)!, new RegExp(`^6 tensors, 1 MB in all, 6 of them by a name; ${backend} is in use$`));
    const display = shown.outputs.find(({ type }) => type === 'result');
    const html = display && 'data' in display ? String(display.data['text/html']) : '';
    assert.match(html, /<td[^>]*>list\[1\]\.y<\/td>/);
  });
}

test('%memory no longer lists what was forgotten or disposed, and takes nothing', async () => {
  const session = new TestSession();
  await session.run('const gone = tf.ones([50]); const freed = tf.ones([60]); freed.dispose();');
  await session.run('%reset gone');
  assert.match((await session.run('%memory')).value!, /^0 tensors, 0 B in all, 0 of them by a name/m);
  assert.match(errorOf(await session.run('%memory x')) ?? '', /^SyntaxError: %memory takes nothing/);
});
