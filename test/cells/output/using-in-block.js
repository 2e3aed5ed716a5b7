// declares nothing
// mentions open, parts
// sync
(($$tensorcell) => { "use strict"; try {
	var _usingCtx = $$tensorcell.helpers.usingCtx();
	const file = _usingCtx.u(open("a"));
	file.read();
} catch (_) {
	_usingCtx.e = _;
} finally {
	_usingCtx.d();
}
for (const _part of parts) try {
	var _usingCtx2 = $$tensorcell.helpers.usingCtx();
	const part = _usingCtx2.u(_part);
	part.read();
} catch (_) {
	_usingCtx2.e = _;
} finally {
	_usingCtx2.d();
}

})
