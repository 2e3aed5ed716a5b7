if (ready) { var y = 1, z; }
for (var i = 0, j; i < 3; i++) {}
for (var { k } of list) {}
for (var m in table) ;
if (ready) var n = 1;
label: var o = 2;
function inner() { var local = 1; return local; }
