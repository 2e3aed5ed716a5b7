// declares Shapes: namespace, count: function
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; count = function () {}; ;Shapes = void 0;
(function(_Shapes) {
	const sides = _Shapes.sides = 4;
	let Inner;
	(function(_Inner) {
		const n = _Inner.n = 1;
	})(Inner || (Inner = _Shapes.Inner || (_Shapes.Inner = {})));
})(Shapes || (Shapes = {}));

(function(_count) {
	const zero = _count.zero = 0;
})(count || (count = {}));
;return (Shapes.sides);

})
