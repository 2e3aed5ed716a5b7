// declares value: const, own: function, later: const
// mentions fetch, sleep, Promise, other, y, z
// async
(async ($$tensorcell) => { "use strict"; own = async function () {
	await $$tensorcell.await(sleep(1), 56);
}; ;value = await $$tensorcell.await(fetch("x"), 14);

await $$tensorcell.pause(own());
await $$tensorcell.pause(Promise.resolve(1));
await $$tensorcell.pause(null);
await $$tensorcell.await((value, other), 125);
for await (const part of $$tensorcell.each(value.body, 172)) {
	await $$tensorcell.pause(own());
}
;later = async () => {
	for await (const x of $$tensorcell.each(y, 253)) await $$tensorcell.await(await $$tensorcell.await(z, 262), 256);
};

})
