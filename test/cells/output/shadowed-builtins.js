// declares fetch: const, Map: class, structuredClone: function, URL: const, name: const
// mentions source
// sync
(($$tensorcell) => { "use strict"; $$tensorcell_structuredClone = { structuredClone: function () {} }.structuredClone; ;$$tensorcell_fetch = { fetch: async (url) => url }.fetch;
;$$tensorcell_Map = class Map {};

;({ URL: $$tensorcell_URL = 1, ...$$tensorcell_name } = source);
({
	fetch: $$tensorcell_fetch,
	Map: $$tensorcell_Map
});
{
	const Map = 2;
	Map;
}
;return ([
	typeof $$tensorcell_fetch,
	new $$tensorcell_Map(),
	$$tensorcell_structuredClone(),
	$$tensorcell_URL
]);

})
