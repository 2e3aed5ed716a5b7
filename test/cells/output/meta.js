// declares here: const, late: const
// mentions URL
// async
(async ($$tensorcell) => { "use strict"; ;here = $$tensorcell.meta.dirname;
new URL("./x", $$tensorcell.meta.url);
;late = await $$tensorcell.await($$tensorcell.late(0, (s, o) => import(s, o), "./late.ts"), 80);
;return (here);

})
