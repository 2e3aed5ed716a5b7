#!/usr/bin/env node
// The executable bit lives in git on this file, so a rebuilt `dist` needs none.
import '../dist/src/main.js';
