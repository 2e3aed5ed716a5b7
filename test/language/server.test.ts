// What the TypeScript server does beside answering.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { check, freshChecker, freshFolder } from './harness.ts';

test('the server never has npm download anything, also for an import without types', async (t) => {
  const bin = freshFolder();
  const asked = join(bin, 'asked');
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\ntouch '${asked}'\n`);
  chmodSync(join(bin, 'npm'), 0o755);
  const path = process.env.PATH;
  t.after(() => {
    process.env.PATH = path;
  });
  process.env.PATH = `${bin}${delimiter}${path}`;
  const checker = freshChecker();
  assert.deepEqual(await check(checker, "import _ from 'lodash';\nconst n: string = 1;"), ['TS2322 2:7']);
  await pause(1_500);
  assert.equal(existsSync(asked), false);
});
