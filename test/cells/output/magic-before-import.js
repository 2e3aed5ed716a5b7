// declares left: import, join: import
// mentions nothing
// async
(async ($$tensorcell) => { "use strict"; (await $$tensorcell.await($$tensorcell.magic(0))); ({ default: left } = await $$tensorcell.await($$tensorcell.imported(() => import("left"), 0))); (await $$tensorcell.await($$tensorcell.magic(1))); ({ join: join } = await $$tensorcell.await($$tensorcell.imported(() => import("node:path"), 1))); 



(await $$tensorcell.await($$tensorcell.magic(2)));
;return (left(join("a", "b")));

})
