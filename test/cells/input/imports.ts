import fs, { readFile as read, type Stats } from 'node:fs';
import * as path from 'node:path';
import url, * as all from 'node:url';
import data from './data.json' with { type: 'json' };
import './effects.ts';
import type { Only } from 'types-only';
import { type Also } from 'types-also';
path.join(data.name);
