const value = await fetch('x');
async function own() { await sleep(1); }
await own();
await Promise.resolve(1);
await null;
await (value, other);
for await (const part of value.body) { await own(); }
const later = async () => { for await (const x of y) await (await z); };
