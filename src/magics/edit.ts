import type { Magic } from '../session/parts.ts';

/** Opens the person's editor; a terminal does so by itself (src/repl/commands.ts), and hands the line to no session. */
export const edit: Magic = {
  name: 'edit',
  usage: '%edit [n | file]',
  summary:
    'Opens $VISUAL or $EDITOR on an empty cell, cell n or a file; what is saved comes to the prompt. In a terminal.',
  completes: 'files',
  run() {
    throw new Error('%edit: only a terminal can open an editor, in a cell of its own');
  },
};
