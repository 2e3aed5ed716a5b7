// declares inner: function, y: var, z: var, i: var, j: var, k: var, m: var, n: var, o: var
// mentions ready, list, table
// sync
(($$tensorcell) => { "use strict"; inner = function () {
	var local = 1;
	return local;
}; if (ready) {
	y = 1, void 0;
}
for (i = 0, void 0; i < 3; i++) {}
for ({ k } of list) {}
for (m in table);
if (ready) n = 1;
label: o = 2;


})
