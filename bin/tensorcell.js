#!/usr/bin/env node
// The executable bit lives in git on this file, so a rebuilt `app` needs none.
import '../app/src/main.js';
