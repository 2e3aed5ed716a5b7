// declares one: const, two: const
// mentions nothing
// async
(async ($$tensorcell) => { "use strict"; await $$tensorcell.await($$tensorcell.imported(() => import("node:path"), 0)); await $$tensorcell.await($$tensorcell.imported(() => import("node:url"), 1)); ;one = 1;
;two = 2;
;


;return (one + two);

})
