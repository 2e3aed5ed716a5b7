%time fit()
const files = 1;
!ls -l \
  --all
const text = `
%not a magic
!nor this
`;
call(
!flag
);
%last
