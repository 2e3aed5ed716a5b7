// Whether operations are being measured one by one: what is compiled runs as it is meanwhile. Small, since everything compiled asks it.

let active = false;

export const profiling = (): boolean => active;

export function setProfiling(now: boolean): void {
  active = now;
}
