// `npm run bench:display`: what it takes to draw an array, beside treescope (Python) on the same array: ms of the tenth drawing, and bytes that
// are sent. Treescope comes in an environment of its own, made at the first run (20 MB to download); TENSORCELL_BENCH_PYTHON names another.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { formatterTable } from '../src/display/formatters.ts';
import { render } from '../src/display/render.ts';
import { makeEnvironment } from '../src/setup/environment.ts';
import { tensorFormatters } from '../src/tensor/formatters.ts';
import { load } from '../src/tensor/load.ts';
import { formatTable, type Row } from './table.ts';

const recipe = { name: 'bench', requirements: ['treescope==0.1.10', 'numpy>=1.26'] };

/** Shapes of float32 values; the last is more than 64 MB. */
const shapes = [
  [10, 10],
  [784, 128],
  [64, 28, 28, 1],
  [3, 3, 64, 64],
  [2000, 2000],
  [4000, 4000],
  [8000, 8000],
];
const drawings = 10;

interface Figures {
  readonly ms: number;
  readonly bytes: number;
}

async function ours(values: Float32Array, shape: number[]): Promise<Figures> {
  const tf = load();
  const tensor = tf.tensor(values, shape);
  const table = formatterTable(tensorFormatters);
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < drawings; i++) {
    const begun = performance.now();
    const { data } = await render(tensor, table);
    times.push(performance.now() - begun);
    bytes = Buffer.byteLength(JSON.stringify(data));
  }
  tensor.dispose();
  return { ms: median(times), bytes };
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

/** As IPython shows a value with treescope's automatic visualizer of arrays on. */
const program = (file: string, shape: readonly number[]) => `
import json, time, numpy, treescope
x = numpy.fromfile(${JSON.stringify(file)}, dtype="float32").reshape(${JSON.stringify(shape)})
times = []
with treescope.active_autovisualizer.set_scoped(treescope.ArrayAutovisualizer()):
    for _ in range(${drawings}):
        begun = time.perf_counter()
        html = treescope.render_to_html(x)
        times.append((time.perf_counter() - begun) * 1000)
print(json.dumps({"ms": sorted(times)[len(times) // 2], "bytes": len(html.encode())}))`;

async function theirs(python: string, values: Float32Array, shape: readonly number[]): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tc-display-'));
  try {
    const file = join(folder, 'values.f32');
    writeFileSync(file, values);
    const { stdout } = await promisify(execFile)(python, ['-c', program(file, shape)]);
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const python = process.env.TENSORCELL_BENCH_PYTHON ?? (await makeEnvironment(recipe));
const rows: Row[] = [];
for (const shape of shapes) {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * Math.cos(i / 1000));
  const [mine, other] = [await ours(values, shape), await theirs(python, values, shape)];
  const name = `[${shape.join(', ')}]`;
  rows.push({ name: `${name}, ms`, ours: mine.ms, theirs: other.ms, peer: 'treescope' });
  rows.push({ name: `${name}, kB`, ours: mine.bytes / 1000, theirs: other.bytes / 1000, peer: 'treescope' });
}
console.log(`${load().getBackend()}\n${formatTable(rows)}`);
process.exit(0);
