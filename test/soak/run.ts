// `npm run soak [CELLS] [SEED]`: the whole run, of 2,000 cells; exit code 1 when anything was lost or the memory grew.
import { growth } from './memory.ts';
import { soak } from './soak.ts';

/** MB. A session keeps 1.75 KB of each cell. */
const MOST_GROWTH = 20;

const [cells = 2000, seed = 1] = process.argv.slice(2).map(Number);
const { faults, memory, seconds } = await soak({ cells, seed });
for (const fault of faults) console.log(fault);
console.log(`${cells} cells in ${seconds.toFixed(0)} s, seed ${seed}: ${faults.length} faults`);
console.log(`memory in MB at each tenth: ${memory.map((mb) => mb.toFixed(0)).join(' ')}`);
const grown = growth(memory);
console.log(`grown by ${grown.toFixed(0)} MB from its second fifth to its last`);
process.exitCode = faults.length > 0 || grown > MOST_GROWTH ? 1 : 0;
