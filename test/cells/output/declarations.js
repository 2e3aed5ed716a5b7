// declares a: const, b: const, d: const, e: const, f: let, g: let, h: var, i: var
// mentions source
// sync
(($$tensorcell) => { "use strict"; ;a = 1, ({ b, c: [d = 2, ...e] } = source);
;f = void 0, g = a;
;void 0, i = 3;
;return (h);

})
