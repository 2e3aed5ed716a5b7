// `tensorcell` in a terminal: cells typed at a prompt run in a session, as in a notebook; piped input runs as cells.
import type { Front } from './commands.ts';
import { PlainPrinter } from './plain-printer.ts';
import { Runner, type RunnerOptions, type ServedSession } from './runner.ts';

/** What the command line hands to a terminal. */
export interface ReplOptions {
  readonly version: string;
  /** Plain lines where a terminal could do more. */
  readonly plain: boolean;
  /** A running kernel, in the place of a session of its own. */
  readonly joined?: JoinedSession | undefined;
  writeNotebook: Front['writeNotebook'];
}

/** A running kernel. */
export interface JoinedSession {
  /** What the person knows it by. */
  readonly file: string;
  /** Cells that it has run. */
  readonly count: number;
  /** Settles when it has ended, with how. */
  readonly died: Promise<Error>;
  connect(
    events: Parameters<NonNullable<RunnerOptions['connect']>>[0] & { counted?(count: number): void },
  ): ServedSession;
}

/** The log of a terminal is its stderr, for who asks for it. */
export function log(line: string): void {
  if (process.env.TENSORCELL_LOG) process.stderr.write(`tensorcell: ${line}\n`);
}

/** Nobody can read what is written: one line, and the end. */
export function outputGone(error: NodeJS.ErrnoException): string {
  return `tensorcell: the output is closed (${error.code ?? error.message})\n`;
}

/** Runs the terminal to its end. Returns the exit code: of piped input 1 when a cell failed. */
export async function repl(options: ReplOptions): Promise<number> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (isTerminal && !options.plain && canEdit(process.env.TERM)) {
    const { Prompt } = await import('./prompt.ts');
    return new Prompt(options).left;
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(outputGone(error));
    process.exit(1);
  });
  if (!isTerminal) return piped(options);
  return (await import('./simple.ts')).simple(options);
}

/** Whether a terminal moves its cursor when told to. */
function canEdit(term: string | undefined): boolean {
  return term !== undefined && term !== '' && !/^(?:dumb|unknown|emacs|cons25)$/.test(term);
}

async function piped({ joined }: ReplOptions): Promise<number> {
  const { splitScript } = await import('./script.ts');
  const connect = joined && ((events: Parameters<typeof joined.connect>[0]) => joined.connect(events));
  const runner = new Runner({ printer: new PlainPrinter(), ask: undefined, connect, log });
  process.on('SIGINT', () => runner.interrupt());
  try {
    let text = '';
    for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
    for (const { header, source } of splitScript(text)) {
      if (/\[(markdown|md|raw)\]/.test(header)) continue;
      const result = await runner.run(source);
      if (result.status === 'error') return 1;
    }
    return 0;
  } finally {
    await runner.close();
  }
}
