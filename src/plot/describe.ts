// A chart in one line of text, for a terminal: `line chart "Loss": loss by epoch, colour run · 20 rows`.
interface SpecPart {
  readonly [part: string]: unknown;
}

/** What a Vega-Lite spec shows, as far as its outline tells. */
export function describeSpec(spec: SpecPart): string {
  const title = titleText(spec.title);
  const parts = layersOf(spec);
  const kinds = [...new Set(parts.map((part) => markOf(part)))].filter((mark) => mark !== undefined);
  const encoding = parts.map((part) => encodingText(part.encoding)).find((text) => text !== '') ?? '';
  const rows = rowsOf(spec);
  const what = `[${kinds.length > 0 ? `${kinds.slice(0, 3).join(' and ')} chart` : 'chart'}${title ? ` "${title}"` : ''}`;
  return `${what}${encoding ? `: ${encoding}` : ''}${rows === undefined ? '' : ` · ${rows} rows`}]`;
}

function layersOf(spec: SpecPart): SpecPart[] {
  const inner = ['layer', 'hconcat', 'vconcat', 'concat'].flatMap((key) =>
    Array.isArray(spec[key]) ? (spec[key] as SpecPart[]) : [],
  );
  const repeated = typeof spec.spec === 'object' && spec.spec !== null ? [spec.spec as SpecPart] : [];
  return [
    spec,
    ...[...inner, ...repeated].flatMap((part) => (typeof part === 'object' && part !== null ? layersOf(part) : [])),
  ];
}

function markOf({ mark }: SpecPart): string | undefined {
  if (typeof mark === 'string') return mark;
  const type = (mark as SpecPart | undefined)?.type;
  return typeof type === 'string' ? type : undefined;
}

function encodingText(encoding: unknown): string {
  if (typeof encoding !== 'object' || encoding === null) return '';
  const channels = encoding as Record<string, unknown>;
  const x = channelText(channels.x);
  const y = channelText(channels.y);
  const color = channelText(channels.color);
  const main = x && y ? `${y} by ${x}` : (x ?? y ?? '');
  return color ? `${main}${main ? ', ' : ''}colour ${color}` : main;
}

function channelText(channel: unknown): string | undefined {
  if (typeof channel !== 'object' || channel === null) return undefined;
  const { field, aggregate, bin } = channel as SpecPart;
  const name = typeof field === 'string' ? field : undefined;
  if (typeof aggregate === 'string') return name ? `${aggregate} of ${name}` : aggregate;
  return name && bin ? `binned ${name}` : name;
}

function rowsOf({ data }: SpecPart): number | undefined {
  const values = (data as SpecPart | undefined)?.values;
  return Array.isArray(values) ? values.length : undefined;
}

function titleText(title: unknown): string {
  const text = typeof title === 'object' && title !== null ? (title as SpecPart).text : title;
  return typeof text === 'string' ? text : Array.isArray(text) ? text.join(' ') : '';
}
