%npm install left
import left from 'left'
%npm ls
import { join } from 'node:path'
%who
left(join('a', 'b'))
