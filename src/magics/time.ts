import type { Magic } from '../session/parts.ts';
import { duration } from './duration.ts';

/** Runs code once and says how long it took; a promise is awaited. */
export const time: Magic = {
  name: 'time',
  usage: '%time code',
  summary: 'Runs the code, or with %%time the cell, and says how long it took; its value is the value.',
  async run(call, { compile }) {
    const compiled = await compile(call);
    const used = process.cpuUsage();
    const start = performance.now();
    let value: unknown;
    try {
      value = await compiled.run();
    } finally {
      const wall = performance.now() - start;
      const { user, system } = process.cpuUsage(used);
      const [u, s, total] = [user, system, user + system].map((micros) => duration(micros / 1000));
      console.log(`CPU: user ${u}, system ${s}, total ${total}\nWall: ${duration(wall)}`);
    }
    return value;
  },
};
