// declares early: const, fact: function, stream: function, shared: function
// mentions load
// sync
(($$tensorcell) => { "use strict"; fact = function (n) {
	return n < 2 ? 1 : n * fact(n - 1);
}; stream = async function* (from) {
	yield await $$tensorcell.await(load(from), 119);
}; shared = function (value) {
	return value;
}; ;early = fact(5);



;return (early);

})
