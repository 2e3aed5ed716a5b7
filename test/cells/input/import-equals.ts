import fs = require('node:fs');
import join = Path.join;
fs;
