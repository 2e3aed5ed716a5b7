// declares files: const, text: const
// mentions call, flag
// async
(async ($$tensorcell) => { "use strict"; (await $$tensorcell.await($$tensorcell.magic(0)));
;files = 1;
(await $$tensorcell.await($$tensorcell.magic(1)));
;text = `
%not a magic
!nor this
`;
call(!flag);
;return ((await $$tensorcell.await($$tensorcell.magic(2))));

})
