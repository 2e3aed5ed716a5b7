// A profile's picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawSymbol } from '../../src/display/custom.ts';
import { drawProfile, profileSvg } from '../../src/plot/profile-chart.ts';

const row = (name: string, forward: number, backward = 0) => ({ name, calls: 1, forward, backward });
const profile = {
  backend: 'cpu',
  wall: 20,
  ops: Array.from({ length: 30 }, (_, i) => row(`Op${i}`, 30 - i)),
  layers: [
    row('first (Dense)', 3, 6),
    row('a layer with a name that is <much> too long for its place in the picture', 1),
  ],
};

test('a profile is drawn as bars, of the largest and of the rest', () => {
  const svg = profileSvg(profile);
  assert.ok(svg.includes('>Op0<') && svg.includes('>Op10<') && !svg.includes('>Op11<'), svg);
  assert.ok(svg.includes('>19 others<'));
  assert.ok(!svg.includes('<much>') && svg.includes('…'));
  // 6 of the layer's 9 ms are backward: two thirds of the longest bar.
  assert.match(svg, /width="213\.3" height="12" fill="#e0812b"/);
});

test('it is a picture that every client keeps', async () => {
  const { data } = await drawProfile(profile)[drawSymbol]();
  assert.deepEqual(Object.keys(data).sort(), ['image/png', 'image/svg+xml', 'text/plain']);
});
