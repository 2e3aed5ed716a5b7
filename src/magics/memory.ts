import { byteSize, count } from '../display/numbers.ts';
import type { Magic } from '../session/parts.ts';
import { listing } from './listing.ts';

/** Tensors that are listed, largest first. */
const most = 40;

const right = 'right' as const;
const tensorColumns = [
  { title: 'name' },
  { title: 'dtype' },
  { title: 'shape' },
  { title: 'bytes', align: right },
  { title: 'cell' },
  { title: 'backend' },
];
const cellColumns = [
  { title: 'made by' },
  { title: 'tensors', align: right },
  { title: 'bytes', align: right },
  { title: 'change in its run', align: right },
];

/** Lists the tensors that names hold, and what each cell made. */
export const memory: Magic = {
  name: 'memory',
  usage: '%memory',
  summary: 'Lists tensors by name with their bytes and the cell that made them, and what each cell added.',
  async run({ args }, { names, read, tensors }) {
    if (args.trim() !== '') throw new SyntaxError(`%memory takes nothing, got "${args.trim()}"`);
    // Ambient names last: `Out` holds results, which most often have a name as well.
    const own = [...names()].filter(([, kind]) => kind !== 'ambient').map(([name]) => name);
    const report = await tensors.memory([...own, 'Out'].map((name) => [name, read(name)] as const));
    const rows = report.tensors
      .slice(0, most)
      .map(({ name, dtype, shape, bytes, cell, backend }) => [
        name,
        dtype,
        `[${shape.join(', ')}]`,
        byteSize(bytes),
        cell,
        backend,
      ]);
    const cells = report.cells.map(({ cell, tensors, bytes, change }) => [
      cell,
      count(tensors),
      byteSize(bytes),
      `${change < 0 ? '−' : '+'}${byteSize(Math.abs(change))}`,
    ]);
    const more = report.tensors.length - rows.length;
    const { total, backend } = report;
    const notes = [
      ...(more > 0 ? [`and ${count(more)} smaller`] : []),
      `${count(total.tensors)} tensors, ${byteSize(total.bytes)} in all, ${count(report.tensors.length)} of them by a name; ${backend} is in use`,
    ];
    return listing(
      [
        { columns: tensorColumns, rows },
        { columns: cellColumns, rows: cells },
      ],
      notes,
    );
  },
};
