// declares nothing
// mentions nothing
// async
(async ($$tensorcell) => { "use strict"; ;return ((await $$tensorcell.await($$tensorcell.magic(0))));

})
