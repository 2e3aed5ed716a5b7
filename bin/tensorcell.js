#!/usr/bin/env node
// The executable bit lives in git on this file, so a rebuilt `app` needs none. It is CommonJS (package.json beside it): a kernel starts 8 ms
// sooner without Node's loader of ES modules, and nobody waits for the other commands as for a kernel.
'use strict';
const [major, minor] = process.versions.node.split('.').map(Number);
const kernel =
  process.argv[2] === 'kernel' && !/^-/.test(process.argv[3]) && (major > 20 || (major === 20 && minor >= 18));
if (kernel) require('../app/kernel/main.cjs');
else import('../app/src/main.js');
