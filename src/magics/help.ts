import type { Magic } from '../session/parts.ts';

/** Lists the magics, or tells of one. */
export const help: Magic = {
  name: 'help',
  usage: '%help [name]',
  summary: 'Lists the magics, or tells of one.',
  completes: 'magics',
  run({ args }, { magics }) {
    const wanted = args.trim().replace(/^%+/, '');
    const rows = wanted === '' ? magics : magics.filter(({ name }) => name === wanted);
    if (rows.length === 0) throw new SyntaxError(`%help: there is no magic "${wanted}". %help alone lists them.`);
    const width = Math.max(...rows.map(({ usage }) => usage.length));
    console.log(rows.map(({ usage, summary }) => `${usage.padEnd(width)}  ${summary}`).join('\n'));
  },
};
