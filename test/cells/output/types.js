// declares Base: class, pair: const, value: let
// mentions outside
// sync
(($$tensorcell) => { "use strict"; ;Base = class Base {};
;pair = (x) => [x, x];
;value = outside;
;return (pair(value));

})
