// declares h: const
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; /** @jsx h */
;h = (tag) => tag;
/* @__PURE__ */ ;return (h("p", null));

})
