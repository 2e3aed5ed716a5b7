// The program of a session process, and the one place that knows all its parts: what cells can import, what draws values, which magics
// there are. Heavy parts load when they are first needed.
import { display, stillDrawing, useFormatters } from './display/display.ts';
import { formatterTable } from './display/formatters.ts';
import { endOpen } from './display/open.ts';
import { magics } from './magics/table.ts';
import { plotFormatters } from './plot/formatters.ts';
import { serveSession } from './session/host.ts';
import { showLive } from './session/outputs.ts';
import type { PackageRedirect } from './session/parts.ts';
import { NONCE_VARIABLE } from './session/spawn.ts';
import type { CellResult } from './session/types.ts';
import {
  closeTensors,
  freeTensors,
  prepareTensors,
  showTraining,
  tensorAmbient,
  tensorTools,
} from './tensor/ambient.ts';
import { tensorFormatters } from './tensor/formatters.ts';
import { cellBegins, cellEnds } from './tensor/ledger.ts';
import { tensorRedirects } from './tensor/redirects.ts';

const nonce = process.env[NONCE_VARIABLE];
if (!nonce) {
  process.stderr.write('host: this program is started by a kernel or a terminal, not by hand\n');
  process.exit(2);
}
delete process.env[NONCE_VARIABLE];

/** What cells import of ours, from wherever the notebook lies. */
const ownRedirects: readonly PackageRedirect[] = [
  { pattern: '^tensorcell$', url: new URL('./index.js', import.meta.url).href },
  { pattern: '^tensorcell/data$', url: new URL('./data/index.js', import.meta.url).href },
  { pattern: '^tslab$', url: new URL('./display/tslab.js', import.meta.url).href },
  { pattern: '^tensorcell/nn$', url: new URL('./nn/index.js', import.meta.url).href },
];

/** A name of the cells alone: what packages take for Deno's runtime is a property of the global object. */
const denoAmbient = { name: 'Deno', load: async () => ({ jupyter: (await import('./display/deno.ts')).jupyter }) };

const formatters = formatterTable([...tensorFormatters, ...plotFormatters]);
useFormatters(formatters);

showTraining(async (shown) => {
  const { trainingMonitors } = await import('./plot/training.ts');
  return trainingMonitors(showLive)(shown);
});

/** Closes the cell's account of tensors, and what it has left under way on the page. */
function cellHasEnded(result: CellResult): void {
  cellEnds();
  const { status } = result;
  if (status === 'ok') endOpen({ status });
  else if (result.error.name === 'KeyboardInterrupt') endOpen({ status: 'interrupted' });
  else endOpen({ status, message: `${result.error.name}: ${result.error.message}` });
}

async function profileAndDraw(run: () => unknown) {
  const { profile } = await import('./tensor/profile.ts');
  const measured = await profile(run);
  const { drawProfile } = await import('./plot/profile-chart.ts');
  return { ...measured, picture: drawProfile(measured.profile) };
}

serveSession(
  {
    formatters,
    magics,
    tensors: { ...tensorTools, profile: profileAndDraw },
    ambients: [tensorAmbient, denoAmbient],
    redirects: [...ownRedirects, ...tensorRedirects],
    globals: { display },
    beforeModules: prepareTensors,
    cellBegins,
    cellEnds: cellHasEnded,
    afterInterrupt: closeTensors,
    stillDrawing,
    beforeAwait: freeTensors,
  },
  nonce,
);
