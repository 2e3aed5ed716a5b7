const r = /[/`'"]%/v;
const t = `a ${`b ${1}`} c`;
'use strict';
