// declares fs: const, join: var
// mentions require, Path
// sync
(($$tensorcell) => { "use strict"; ;fs = require("node:fs");
;join = Path.join;
;return (fs);

})
