// What `jit.stats()` tells, gathered from all who compile.
import type { FormsReport } from '../trace/forms.ts';
import type { JitStats } from './types.ts';

/** Whoever compiles: a function of `jit`, the programs of a model. */
export interface Told {
  stats(): JitStats[];
}

const known = new Set<WeakRef<Told>>();

/** Has `stats` ask it for as long as it lives. */
export function tell(told: Told): void {
  known.add(new WeakRef(told));
}

export function stats(): JitStats[] {
  return [...known].flatMap((reference) => {
    const told = reference.deref();
    if (!told) known.delete(reference);
    return told?.stats() ?? [];
  });
}

/** A compiled function or loop. */
export interface Measured {
  readonly operations: number;
  readonly recordMs: number;
  report(): FormsReport;
}

type Row = Omit<JitStats, 'form' | 'reason' | 'operations' | 'recordMs' | 'compileMs' | 'stepMs'>;

/** A row of something compiled. */
export function compiledRow(row: Row, compiled: Measured): JitStats {
  const { operations, recordMs } = compiled;
  const { form, compileMs, times, whyNot } = compiled.report();
  return {
    ...row,
    form,
    ...(whyNot !== undefined && { reason: whyNot }),
    operations,
    recordMs,
    ...(compileMs > 0 && { compileMs }),
    stepMs: {
      ...(Number.isFinite(times.graph) && { graph: times.graph }),
      ...(Number.isFinite(times.xla) && { xla: times.xla }),
    },
  };
}
