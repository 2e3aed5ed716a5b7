// declares fs: import, read: import, path: import, url: import, all: import, data: import
// mentions nothing
// async
(async ($$tensorcell) => { "use strict"; ({ default: fs, readFile: read } = await $$tensorcell.await($$tensorcell.imported(() => import("node:fs"), 0))); path = await $$tensorcell.await($$tensorcell.imported(() => import("node:path"), 1)); ({ default: url } = all = await $$tensorcell.await($$tensorcell.imported(() => import("node:url"), 2))); ({ default: data } = await $$tensorcell.await($$tensorcell.imported(() => import("./data.json", { with: { type: "json" } }), 3))); await $$tensorcell.await($$tensorcell.imported(() => import("./effects.ts"), 4)); 





;return (path.join(data.name));

})
