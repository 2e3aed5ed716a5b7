import type { Magic } from '../session/parts.ts';

/** Lists the cells that have run. */
export const history: Magic = {
  name: 'history',
  usage: '%history [n | n-m]',
  summary: 'Lists the cells that this session has run, or those of the numbers given.',
  run({ args }, { history: texts }) {
    const [, first, range, last] = /^(\d+)?(-(\d+)?)?$/.exec(args.replace(/\s/g, '')) ?? [];
    if (args !== '' && first === undefined)
      throw new SyntaxError(`%history takes a number or a range such as 2-5, got "${args}"`);
    const from = Number(first ?? 1);
    const to = range === undefined && first !== undefined ? from : Number(last ?? texts.length - 1);
    const width = String(texts.length - 1).length;
    const lines: string[] = [];
    for (let n = from; n <= Math.min(to, texts.length - 1); n++) {
      const text = texts[n];
      if (text === undefined) continue;
      lines.push(`${String(n).padStart(width)}  ${text.replace(/\n/g, `\n${' '.repeat(width + 2)}`)}`);
    }
    console.log(lines.length > 0 ? lines.join('\n') : 'No cell has run under that number.');
  },
};
