// declares value: const, own: function, later: const
// mentions fetch, sleep, Promise, other, y, z
// async
(async ($$tensorcell) => { "use strict"; own = async function () {
	await $$tensorcell.await(sleep(1));
}; ;value = await $$tensorcell.await(fetch("x"));

await own();
await Promise.resolve(1);
await null;
await $$tensorcell.await((value, other));
for await (const part of $$tensorcell.each(value.body)) {
	await own();
}
;later = async () => {
	for await (const x of $$tensorcell.each(y)) await $$tensorcell.await(await $$tensorcell.await(z));
};

})
