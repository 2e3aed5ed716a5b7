// What ends a run early: Ctrl-C (the first interrupts the cell, the second ends the run), SIGTERM, a reader of the output that left.

/** Numbers of POSIX; a shell sees 128 and the number. */
const numbers = { SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 };
type Ending = keyof typeof numbers;

/** Holds the process's signal handlers until it is disposed of. */
export class RunSignals implements Disposable {
  /** Interrupts the cell that runs. Until it is set, nothing can be interrupted and the first Ctrl-C ends the run. */
  interrupt: (() => Promise<void>) | undefined;
  readonly #stop = new AbortController();
  #ending: Ending = 'SIGINT';
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
    // `| head`: Node ignores SIGPIPE, and the error comes after the write, perhaps after the last one. So this handler stays.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#end('SIGPIPE');
    });
  }

  /** Aborts when the run is to end. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** What a shell expects of a process that a signal ended: 130, 141 or 143. */
  get exitCode(): number {
    return 128 + numbers[this.#ending];
  }

  [Symbol.dispose](): void {
    process.removeListener('SIGINT', this.#onInterrupt);
    process.removeListener('SIGTERM', this.#onTerminate);
  }

  #end(ending: Ending): void {
    if (this.#stop.signal.aborted) return;
    this.#ending = ending;
    this.#stop.abort();
  }
}
