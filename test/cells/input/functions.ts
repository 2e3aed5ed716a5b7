const early = fact(5);
function fact(n: number): number { return n < 2 ? 1 : n * fact(n - 1); }
async function* stream(from: number) { yield await load(from); }
export function shared<T>(value: T): T { return value; }
early;
