// Ctrl-C during a run: the first interrupts the cell, the second ends the run; so does SIGTERM at once.
import { constants } from 'node:os';

/** Holds the process's signal handlers until it is disposed of. */
export class RunSignals implements Disposable {
  /** Interrupts the cell that runs. Until it is set, nothing can be interrupted and the first Ctrl-C ends the run. */
  interrupt: (() => Promise<void>) | undefined;
  readonly #stop = new AbortController();
  #signal: 'SIGINT' | 'SIGTERM' = 'SIGINT';
  #asked = false;

  readonly #onInterrupt = () => {
    if (this.#asked || !this.interrupt) return this.#end('SIGINT');
    this.#asked = true;
    // A kernel that died meanwhile is the running cell's error already.
    this.interrupt().catch((error: unknown) => process.emitWarning(`the interrupt failed: ${error}`));
  };
  readonly #onTerminate = () => this.#end('SIGTERM');

  constructor() {
    process.on('SIGINT', this.#onInterrupt);
    process.on('SIGTERM', this.#onTerminate);
  }

  /** Aborts when the run is to end. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** What a shell expects of a process that a signal ended: 130 or 143. */
  get exitCode(): number {
    return 128 + constants.signals[this.#signal];
  }

  [Symbol.dispose](): void {
    process.removeListener('SIGINT', this.#onInterrupt);
    process.removeListener('SIGTERM', this.#onTerminate);
  }

  #end(signal: 'SIGINT' | 'SIGTERM'): void {
    this.#signal = signal;
    this.#stop.abort();
  }
}
