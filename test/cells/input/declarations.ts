const a = 1, { b, c: [d = 2, ...e] } = source;
let f: number, g = a;
var h, i = 3;
h;
