// What a front asks of the history and gets from it, and what its thread is told. Types only.

/** A cell that was run. `session` counts the lives of fronts (kernels, terminals) that have kept cells, from 1. */
export interface KeptCell {
  readonly session: number;
  /** The number that a person saw, `In[line]`. */
  readonly line: number;
  readonly input: string;
  /** Plain text of its value. */
  readonly output: string | null;
}

export type HistoryQuery =
  /** The newest `n`, of any session. */
  | { readonly kind: 'tail'; readonly n: number }
  /**
   * Of one session: 0 is the running one, negative numbers count back from it. From line `start` to before `stop`; negative lines
   * count from the session's end, a `stop` of 0 or null is none.
   */
  | { readonly kind: 'range'; readonly session: number; readonly start: number; readonly stop: number | null }
  /** The newest `n` (null: all) whose input fits a glob with `*`, `?` and `[…]`; `unique`: of equal inputs the newest. */
  | { readonly kind: 'search'; readonly pattern: string; readonly unique: boolean; readonly n: number | null };

/** Front → thread. Each `read` and `close` is answered under its `id`. */
export type HistoryOrder =
  | { readonly type: 'add'; readonly line: number; readonly input: string }
  | { readonly type: 'output'; readonly line: number; readonly output: string }
  | { readonly type: 'read'; readonly id: number; readonly query: HistoryQuery }
  | { readonly type: 'close'; readonly id: number };

/** Thread → front. */
export type HistoryNews =
  | { readonly type: 'answer'; readonly id: number; readonly cells: readonly KeptCell[] }
  /** The file can't be used; from now on cells are remembered in memory. Told once. */
  | { readonly type: 'disabled'; readonly why: string };
