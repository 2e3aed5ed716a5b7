// declares fixed: const
// mentions other, earlierConstant, gone; writes earlierConstant
// sync
(($$tensorcell) => { "use strict"; ;fixed = 1;
$$tensorcell.constant.fixed = 2;
({fixed: $$tensorcell.constant.fixed} = other);
$$tensorcell.constant.earlierConstant++;
$$tensorcell.missing.gone;
typeof void 0;
;return (earlierConstant);

})
