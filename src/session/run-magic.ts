// From a magic as it was written to the row of the table that runs it.
import type { Magic, MagicCall, MagicContext } from './parts.ts';
import type { Magic as MagicLine } from './rewrite/magic-lines.ts';

/** Runs a magic of a cell's text. Throws a SyntaxError that names the near ones where there is none of that name. */
export function runMagic(line: MagicLine, cell: string, context: MagicContext): unknown {
  const call: MagicCall = { ...line, cell };
  const name = line.kind === 'shell' ? '!' : line.name;
  const magic = context.magics.find((row) => row.name === name);
  if (magic) return magic.run(call, context);
  const near = nearNames(name, context.magics);
  const percent = line.kind === 'cell' ? '%%' : '%';
  throw new SyntaxError(
    `${percent}${name} is no magic. ${near.length > 0 ? `Near: ${near.join(', ')}. ` : ''}%help lists them.`,
  );
}

/** Magics whose names begin alike, or differ in a few letters, nearest first, as they are written. */
export function nearNames(name: string, magics: readonly Magic[]): string[] {
  const wanted = name.toLowerCase();
  return magics
    .filter((row) => row.name !== '!')
    .map((row) => ({ row, distance: row.name.startsWith(wanted.slice(0, 2)) ? 1 : editDistance(wanted, row.name) }))
    .filter(({ row, distance }) => distance <= Math.max(1, Math.floor(row.name.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .map(({ row }) => writtenForms(row)[0]!);
}

/** `%reset`; `%%html` for one that takes the cell; both, the line first, for one that may. */
export function writtenForms({ name, usage, summary }: Magic): string[] {
  if (usage.startsWith('%%')) return [`%%${name}`];
  return summary.includes(`%%${name}`) ? [`%${name}`, `%%${name}`] : [`%${name}`];
}

/** Letters to insert, remove, replace or swap with the next, to make one word of the other. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let least = Math.min(row[j - 1]! + 1, rows[i - 1]![j]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows.at(-1)!.at(-1)!;
}
