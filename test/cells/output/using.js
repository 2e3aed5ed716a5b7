// declares file: var, size: var, db: var
// mentions open, connect
// async
(async ($$tensorcell) => { "use strict"; try {
	var _usingCtx = $$tensorcell.helpers.usingCtx();
	;file = _usingCtx.u(open("a"));
	;size = file.size;
	;db = _usingCtx.a(connect());
	;return (size);
} catch (_) {
	_usingCtx.e = _;
} finally {
	await $$tensorcell.await(_usingCtx.d(), 193);
}

})
