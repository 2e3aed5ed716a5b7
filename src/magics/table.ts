// The table of magics: the lines of a cell that begin with % or !. A row is added by whoever brings a feature.
import type { Magic } from '../session/parts.ts';
import { backend } from './backend.ts';
import { check } from './check.ts';
import { edit } from './edit.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { load } from './load.ts';
import { log } from './log.ts';
import { html, markdown } from './markup.ts';
import { memory } from './memory.ts';
import { npm } from './npm.ts';
import { profile } from './profile.ts';
import { reset } from './reset.ts';
import { restart } from './restart.ts';
import { save } from './save.ts';
import { bash, shell } from './shell.ts';
import { time } from './time.ts';
import { timeit } from './timeit.ts';
import { who } from './who.ts';
import { writefile } from './writefile.ts';

export const magics: readonly Magic[] = [
  backend,
  bash,
  check,
  edit,
  help,
  history,
  html,
  load,
  log,
  markdown,
  memory,
  npm,
  profile,
  reset,
  restart,
  save,
  shell,
  time,
  timeit,
  who,
  writefile,
];
