import { display } from '../display/display.ts';
import type { Magic } from '../session/parts.ts';
import type { ProfileRow } from '../tensor/profile.ts';
import { duration } from './duration.ts';
import { listing } from './listing.ts';

/** Ops that are listed, the longest first. */
const most = 20;

const right = 'right' as const;
const numbers = ['calls', 'forward', 'backward', 'share'].map((title) => ({ title, align: right }));

/** Runs code and tells where its time on the device went. */
export const profile: Magic = {
  name: 'profile',
  usage: '%profile code',
  summary: 'Runs the code, or with %%profile the cell, and shows the time on the device by layer and by op.',
  async run(call, { compile, tensors }) {
    const compiled = await compile(call);
    const { value, profile, picture } = await tensors.profile(() => compiled.run());
    const { layers, ops, wall, backend } = profile;
    const all = ops.reduce((sum, row) => sum + row.forward + row.backward, 0);
    if (all === 0) {
      console.log(`%profile: nothing was computed on ${backend} in ${duration(wall)}`);
      return value;
    }
    const cells = ({ name, calls, forward, backward }: ProfileRow) => [
      name,
      calls > 0 ? calls.toLocaleString('en') : '',
      duration(forward),
      backward > 0 ? duration(backward) : '–',
      `${((100 * (forward + backward)) / all).toFixed(1)} %`,
    ];
    const notes = [
      ...(ops.length > most ? [`and ${ops.length - most} ops more`] : []),
      `${duration(all)} of ${duration(wall)} on ${backend}, op by op: compiled functions and trainings ran uncompiled`,
    ];
    display(
      listing(
        [
          { columns: [{ title: 'layer' }, ...numbers], rows: layers.map(cells) },
          { columns: [{ title: 'op' }, ...numbers], rows: ops.slice(0, most).map(cells) },
        ],
        notes,
      ),
    );
    display(picture);
    return value;
  },
};
