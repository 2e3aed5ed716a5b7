// `tensorcell doctor`: what is here, what is missing, and how to get it. Looks only; installs and changes nothing.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, release, totalmem } from 'node:os';
import type { Driver } from './setup/driver.ts';

/** One finding. A problem comes with its fix. */
export interface Check {
  readonly name: string;
  /** `missing` is a convenience that is not there; `problem` stops something from working. */
  readonly status: 'ok' | 'missing' | 'problem';
  readonly detail: string;
  readonly fix?: string;
  /** The parts of `detail`, for programs. */
  readonly facts?: object;
}

/** Looks for something that this folder must not know of. */
export type Checker = () => Promise<readonly Check[]>;

/** Prints the findings, as text or with `--json`. Returns 0, or 1 when there is a problem. */
export async function doctor(args: readonly string[], ...others: readonly Checker[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--json');
  if (unknown !== undefined) {
    console.error(`tensorcell doctor: takes --json, not ${unknown}`);
    return 2;
  }
  const checks = (
    await Promise.all([checkMachine, checkPackages, checkBackends, ...others].map((look) => look()))
  ).flat();
  const healthy = checks.every(({ status }) => status !== 'problem');
  console.log(args.includes('--json') ? JSON.stringify({ healthy, checks }, null, 2) : table(checks, healthy));
  return healthy ? 0 : 1;
}

/** Whether a package loads: what a broken install or a missing native binary shows first. */
export function checkLoads(name: string, load: () => unknown, version: string, fix: string): Check {
  try {
    load();
    return { name, status: 'ok', detail: version };
  } catch (error) {
    const detail = `${version} does not load: ${(error as Error).message.split('\n')[0]}`;
    return { name, status: 'problem', detail, fix };
  }
}

/** A fix for most packages whose native part is absent, which npm leaves out under `--omit=optional` or on another platform. */
export const REINSTALL = 'install again on this machine, with optional packages: npm install --include=optional';

const require = createRequire(import.meta.url);

/** The version of a package of this installation, or that it is not there. */
export function packageVersion(name: string): string {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch (error) {
    return `(${(error as NodeJS.ErrnoException).code})`;
  }
}

async function checkMachine(): Promise<Check[]> {
  const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  return [
    { name: 'tensorcell', status: 'ok', detail: own.version },
    { name: 'node', status: 'ok', detail: `${process.versions.node} (${process.execPath})` },
    {
      name: 'platform',
      status: 'ok',
      detail: `${process.platform} ${release()} ${process.arch}, ${availableParallelism()} cores, ${memory} GB memory`,
    },
  ];
}

async function checkPackages(): Promise<Check[]> {
  return ['oxc-parser', 'oxc-transform', '@resvg/resvg-js'].map((name) =>
    checkLoads(name, () => require(name), packageVersion(name), REINSTALL),
  );
}

async function checkBackends(): Promise<Check[]> {
  const [{ chooseBackend }, { backendStates }, { findDriver }] = await Promise.all([
    import('./tensor/backends.ts'),
    import('./tensor/states.ts'),
    import('./setup/driver.ts'),
  ]);
  let inUse: Check = { name: 'backend in use', status: 'ok', detail: '' };
  try {
    inUse = { ...inUse, detail: chooseBackend().name };
  } catch (error) {
    const fix = 'unset TENSORCELL_BACKEND, or set it to a backend that is available';
    inUse = { ...inUse, status: 'problem', detail: (error as Error).message, fix };
  }
  const states = backendStates(inUse.status === 'ok' ? inUse.detail : undefined);
  const checks = states.map((facts): Check => {
    const { name, state, why, device, memory } = facts;
    const parts = [`${state}: ${why}`, ...(device ? [device] : []), ...(memory ? [`memory ${memory}`] : [])];
    const status = state === 'unavailable' ? 'missing' : 'ok';
    return { name: `backend ${name}`, status, detail: parts.join(' · '), facts };
  });
  return [...checks, inUse, describeDriver(await findDriver())];
}

function describeDriver(driver: Driver | undefined): Check {
  const name = 'NVIDIA driver';
  if (!driver) return { name, status: 'missing', detail: 'none with a GPU: TensorFlow computes on the CPU' };
  return { name, status: 'ok', detail: driver.gpus.join('; ') || `${driver.seen}; nvidia-smi names no GPU` };
}

function table(checks: readonly Check[], healthy: boolean): string {
  const marks = { ok: '✓', missing: '–', problem: '✗' } as const;
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, detail, fix }) => [
    `${marks[status]} ${name.padEnd(width)}  ${detail}`,
    ...(fix ? [`  ${' '.repeat(width)}  → ${fix}`] : []),
  ]);
  return `${lines.join('\n')}\n\n${healthy ? 'Everything that is needed is here.' : 'There are problems; each has its fix beside it.'}`;
}
