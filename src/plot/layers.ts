// Where the boxes and arrows of a graph of layers lie: rows by depth, crossings lessened, long arrows led through the rows between.
// Names in, places out; draws nothing. After Sugiyama, Tagawa & Toda, 1981.

/** A box, or a place that a long arrow passes. */
export interface Place {
  /** px of its middle. */
  x: number;
  readonly row: number;
}

export interface LayerPlaces {
  readonly boxes: ReadonlyMap<string, Place>;
  /** Each arrow with the places it passes, its two boxes included. */
  readonly arrows: readonly { readonly from: string; readonly to: string; readonly through: readonly Place[] }[];
  readonly rows: number;
  /** px from the leftmost to the rightmost edge; x counts from the left one. */
  readonly width: number;
}

interface Node {
  readonly place: Place;
  readonly width: number;
  readonly above: Node[];
  readonly below: Node[];
}

/** px between boxes of a row, and the width that a passing arrow takes. */
const gap = 24;
const passing = 16;
const sweeps = 8;

/** Lays out a graph without circles: names in an order in which no arrow leads back, and arrows between them. */
export function placeLayers(
  names: readonly string[],
  edges: readonly (readonly [from: string, to: string])[],
  widthOf: (name: string) => number,
): LayerPlaces {
  const rowOf = depths(names, edges);
  const rows: Node[][] = Array.from({ length: Math.max(0, ...rowOf.values()) + 1 }, () => []);
  const add = (row: number, width: number): Node => {
    const node = { place: { x: 0, row }, width, above: [], below: [] };
    rows[row]!.push(node);
    return node;
  };
  const nodes = new Map(names.map((name) => [name, add(rowOf.get(name)!, widthOf(name))]));
  const arrows = edges.map(([from, to]) => {
    const through = [nodes.get(from)!];
    for (let row = rowOf.get(from)! + 1; row < rowOf.get(to)!; row++) through.push(add(row, passing));
    through.push(nodes.get(to)!);
    for (let i = 1; i < through.length; i++) {
      through[i]!.above.push(through[i - 1]!);
      through[i - 1]!.below.push(through[i]!);
    }
    return { from, to, through: through.map(({ place }) => place) };
  });
  for (const row of rows) spread(row);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const wanted = new Map(row.map((node) => [node, middle(down ? node.above : node.below, node.place.x)]));
      row.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
      settle(row, wanted);
    }
  }
  const all = rows.flat();
  const left = Math.min(...all.map(({ place, width }) => place.x - width / 2));
  for (const { place } of all) place.x -= left;
  const width = Math.max(...all.map((node) => node.place.x + node.width / 2));
  const boxes = new Map([...nodes].map(([name, { place }]) => [name, place]));
  return { boxes, arrows, rows: rows.length, width };
}

/** The longest way to each from where nothing leads. */
function depths(names: readonly string[], edges: readonly (readonly [string, string])[]): Map<string, number> {
  const depth = new Map(names.map((name) => [name, 0]));
  // As often as the longest way is long, should the names not be in order.
  for (let round = 0, moved = true; moved && round < names.length; round++) {
    moved = false;
    for (const [from, to] of edges) {
      const least = depth.get(from)! + 1;
      if (depth.get(to)! >= least) continue;
      depth.set(to, least);
      moved = true;
    }
  }
  return depth;
}

function middle(nodes: readonly Node[], otherwise: number): number {
  return nodes.length === 0 ? otherwise : nodes.reduce((sum, { place }) => sum + place.x, 0) / nodes.length;
}

/** Side by side about zero. */
function spread(row: readonly Node[]): void {
  const total = row.reduce((sum, { width }) => sum + width + gap, -gap);
  let x = -total / 2;
  for (const node of row) {
    node.place.x = x + node.width / 2;
    x += node.width + gap;
  }
}

/** Each as near to where it wants to be as its neighbours let it: pushed to the right, and the row then moved back by the mean. */
function settle(row: readonly Node[], wanted: ReadonlyMap<Node, number>): void {
  let end = -Infinity;
  let moved = 0;
  for (const node of row) {
    const x = Math.max(wanted.get(node)!, end + node.width / 2);
    moved += x - wanted.get(node)!;
    node.place.x = x;
    end = x + node.width / 2 + gap;
  }
  for (const node of row) node.place.x -= moved / row.length;
}
