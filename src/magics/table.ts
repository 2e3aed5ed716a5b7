// The table of magics: the lines of a cell that begin with % or !. A row is added by whoever brings a feature.
import type { Magic } from '../session/parts.ts';
import { backend } from './backend.ts';
import { help } from './help.ts';
import { log } from './log.ts';
import { memory } from './memory.ts';
import { reset } from './reset.ts';
import { restart } from './restart.ts';
import { shell } from './shell.ts';

export const magics: readonly Magic[] = [backend, help, log, memory, reset, restart, shell];
