// declares nothing
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; ;({ name: "config" });
;(function() {
	return 1;
});
;return (3);

})
