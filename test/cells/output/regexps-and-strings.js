// declares r: const, t: const
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; ;r = /[/`'"]%/v;
;t = `a ${`b ${1}`} c`;
;return ("use strict");

})
