import type { Magic } from '../session/parts.ts';

/** Shows the end of the log, where native libraries' log lines and crash reports go. */
export const log: Magic = {
  name: 'log',
  usage: '%log',
  summary: "Shows the log: native libraries' lines, and how earlier sessions ended.",
  run({ args }, session) {
    if (args.trim() !== '') throw new SyntaxError(`%log takes nothing, got "${args.trim()}"`);
    session.showLog();
  },
};
