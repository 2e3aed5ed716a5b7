// What there is to say of every backend: whether it runs here, why it is in use or not, its device and its memory.
import { type BackendRow, backends } from './backends.ts';

/** One backend as it stands. */
export interface BackendState {
  readonly name: string;
  readonly state: 'in use' | 'ready' | 'unavailable';
  /** Why it is in use, why another is, or why it can't be. */
  readonly why: string;
  /** Where it computes; absent when it can't. */
  readonly device?: string;
  /** How much there is for tensors; absent when it can't compute. */
  readonly memory?: string;
}

/** Every backend, best first. Loads those that are large: only then is it known whether they run. */
export function backendStates(
  inUse: string | undefined,
  rows: readonly BackendRow[] = backends,
  forced = process.env.TENSORCELL_BACKEND,
): BackendState[] {
  const failures = new Map(rows.map((row) => [row.name, failure(row, row.name === inUse || row.name === forced)]));
  const best = rows.find(({ name }) => failures.get(name) === undefined)?.name;
  const whyUsed = (name: string): string => {
    if (name === forced) return 'TENSORCELL_BACKEND names it';
    return name === best && !forced ? 'the best that runs here' : 'chosen in a cell';
  };
  const whyNot = (): string => {
    if (!inUse) return 'no backend is in use';
    if (inUse === forced) return `TENSORCELL_BACKEND names ${inUse}`;
    return inUse === best ? `${inUse} is preferred` : `${inUse} was chosen in a cell`;
  };
  return rows.map((row) => {
    const { name } = row;
    const reason = failures.get(name);
    if (reason !== undefined) return { name, state: 'unavailable', why: reason };
    // Looked at again: a library that is loaded tells more of its devices.
    const report = row.check();
    const own = { ...(report.available && { device: report.device }), memory: row.memory() };
    return name === inUse
      ? { name, state: 'in use', why: whyUsed(name), ...own }
      : { name, state: 'ready', why: whyNot(), ...own };
  });
}

/** Why a backend does not run here; undefined when it does. */
function failure(row: BackendRow, chosen: boolean): string | undefined {
  const report = row.check();
  if (!report.available) return report.reason;
  try {
    row.prepare?.(chosen);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
