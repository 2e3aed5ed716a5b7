// declares list: const
// mentions items
// async
(async ($$tensorcell) => { "use strict"; const { jsx: _jsx } = await $$tensorcell.await($$tensorcell.imported(() => import("react/jsx-runtime"), 0)); 
;list = /* @__PURE__ */ _jsx("ul", {
	className: "a",
	children: items.map((item) => /* @__PURE__ */ _jsx("li", { children: item }, item))
});
;return (list);

})
