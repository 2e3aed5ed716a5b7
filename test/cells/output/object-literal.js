// declares nothing
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; ;return (({ a: 1 }));

})
