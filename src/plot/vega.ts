// A Vega-Lite or Vega spec as a display: the spec for clients that draw it (JupyterLab, VS Code), and the kernel's own SVG and PNG
// for those that do not (nbconvert, GitHub).
import { readFile } from 'node:fs/promises';
import { asDisplay, type Display } from '../display/bundle.ts';
import { plainData } from '../display/custom.ts';
import { describeSpec } from './describe.ts';
import { pictures } from './picture.ts';
import { loadVega, quietLogger, vegaSvg } from './vega-library.ts';

/** A spec as JSON; the parts that matter here. */
export interface Spec {
  readonly $schema?: string;
  readonly [part: string]: unknown;
}

/** Version 5 of both: the one that JupyterLab and VS Code draw. */
const schemas = {
  'vega-lite': 'https://vega.github.io/schema/vega-lite/v5.json',
  vega: 'https://vega.github.io/schema/vega/v5.json',
} as const;

/**
 * Draws a Vega-Lite (or, by its `$schema`, Vega) spec; at once, unless it loads data from a URL. Throws a TypeError for a spec that
 * does not compile. Where only a picture fails (a URL that can't be reached) the spec is shown alone, with the reason as text.
 */
export function drawVega(given: Spec): Display | Promise<Display> {
  const kind = given.$schema?.includes('/vega/') ? 'vega' : 'vega-lite';
  const spec = { $schema: schemas[kind], ...(plainData(given) as Spec) };
  const mime = kind === 'vega' ? 'application/vnd.vega.v5+json' : 'application/vnd.vegalite.v5+json';
  // Said by the compiler and by the drawing: it belongs to the chart, not on the console.
  const warnings: string[] = [];
  const logger = quietLogger((message) => warnings.push(message));
  const text = () => [describeSpec(spec), ...warnings.map((warning) => `(${warning})`)].join('\n');
  const drawn = (svg: string): Display => {
    const { data, metadata, problem } = pictures(svg);
    if (problem) warnings.push(problem);
    return asDisplay(text(), { [mime]: spec, ...data }, metadata);
  };
  const bare = (error: unknown) => asDisplay(`${text()}\n(no picture: ${String(error)})`, { [mime]: spec });
  const svg = vegaSvg(kind === 'vega' ? spec : compiled(spec, logger), loader(), logger);
  return typeof svg === 'string' ? drawn(svg) : svg.then(drawn).catch(bare);
}

/** Vega-Lite → Vega. Throws a TypeError for what is no Vega-Lite. */
function compiled(spec: Spec, logger: object): object {
  // The size of a container is the client's to know; the kernel's picture takes Vega-Lite's default.
  const { width, height, ...rest } = spec;
  const sized = { ...rest, ...(width !== 'container' && { width }), ...(height !== 'container' && { height }) };
  try {
    return loadVega().vegaLite.compile(definedOnly(sized) as never, { logger: logger as never }).spec;
  } catch (error) {
    throw new TypeError(`vega-lite: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function definedOnly(spec: object): object {
  return Object.fromEntries(Object.entries(spec).filter(([, part]) => part !== undefined));
}

/** Loads data from files, relative to the notebook's folder, and from the web. */
function loader(): object {
  return {
    ...loadVega().vega.loader(),
    load: async (uri: string) => (/^https?:/.test(uri) ? fetched(uri) : readFile(fileOf(uri), 'utf8')),
  };
}

async function fetched(uri: string): Promise<string> {
  const response = await fetch(uri, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${uri}: ${response.status} ${response.statusText}`);
  return response.text();
}

function fileOf(uri: string): string | URL {
  return uri.startsWith('file:') ? new URL(uri) : uri;
}
