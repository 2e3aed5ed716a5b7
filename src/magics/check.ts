import type { Magic } from '../session/parts.ts';

/** Shows or sets what an error of types does to a cell. */
export const check: Magic = {
  name: 'check',
  usage: '%check [off|warn|error]',
  summary: 'Whether cells are checked before they run: error stops them, warn prints, off looks at nothing.',
  run({ args }, session) {
    const mode = args.trim();
    if (mode !== '' && mode !== 'off' && mode !== 'warn' && mode !== 'error')
      throw new SyntaxError(`%check takes off, warn or error, got "${mode}"`);
    session.check(mode === '' ? undefined : mode);
  },
};
