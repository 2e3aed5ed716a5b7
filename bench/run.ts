// `npm run bench`: how our kernel compares with ipykernel, and its training with TensorFlow.js' own, measured by turns in one run. The
// ratios carry over to other machines; the times hold for this one.
import { cpus, loadavg } from 'node:os';
import { type Contestant, ipykernel, ours } from './contestants.ts';
import { type Figures, measures, quantile } from './measures.ts';
import { formatTable, type Row } from './table.ts';
import { peer, trainInCell, trainPlain } from './training.ts';

const load = () => loadavg()[0]!.toFixed(2);

async function main(): Promise<void> {
  const other = await ipykernel();
  console.log(`${new Date().toISOString().slice(0, 10)}, ${describeMachine()}, load ${load()} at the start\n`);
  const rows: Row[] = [];
  for (const { name, rounds, run } of measures) {
    process.stderr.write(`measuring ${name} …\n`);
    rows.push(...(await byTurns(rounds, () => run(ours), other && (() => run(other)), other)));
  }
  process.stderr.write('measuring training …\n');
  rows.push(...(await byTurns(1, trainInCell, trainPlain, { name: peer })));
  console.log(formatTable(rows));
  console.log(`\nMedians; a ratio below 1 is in our favour. Load ${load()} at the end.`);
  if (!other) console.log('Without a Python with ipykernel there is nothing to compare the kernel with.');
}

/** Measures two by turns, so that a change of the machine's load meets both alike. */
async function byTurns(
  rounds: number,
  first: () => Promise<Figures>,
  second: (() => Promise<Figures>) | undefined,
  than: Pick<Contestant, 'name'> | undefined,
): Promise<Row[]> {
  const [mine, theirs]: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    mine.push(await first());
    if (second) theirs.push(await second());
  }
  return Object.keys(mine[0]!).map((name) => {
    const middle = (all: readonly Figures[]) =>
      quantile(
        all.map((figures) => figures[name]!),
        0.5,
      );
    return { name, ours: middle(mine), ...(than && { theirs: middle(theirs), peer: than.name }) };
  });
}

function describeMachine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown processor'}, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

await main();
