// declares n: const
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; ;n = 1;
if (n) {
	3;
}

})
