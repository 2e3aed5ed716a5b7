import type { Magic } from '../session/parts.ts';

/** Ends the session's process once the cell has ended, and begins a fresh one. */
export const restart: Magic = {
  name: 'restart',
  usage: '%restart',
  summary: 'Starts a fresh session: variables, modules and native memory are gone, the front end stays connected.',
  run({ args }, session) {
    if (args.trim() !== '') throw new SyntaxError(`%restart takes nothing, got "${args.trim()}"`);
    session.restart();
  },
};
