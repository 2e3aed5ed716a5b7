// Why a session process ended, or goes on after an interrupt, in a sentence for the person whose cell it was.
import type { Death } from './session-process.ts';
import type { CellError } from './types.ts';

const FRESH = 'Its variables are gone; the next cell runs in a fresh session.';

/** The error of a cell whose session died under it. */
export function deathError(death: Death): CellError {
  return sessionError('SessionEnded', `${reason(death)} ${FRESH}`);
}

/** The error of a cell that a second interrupt has ended with its session. */
export function givenUp(): CellError {
  return sessionError('SessionEnded', `The second interrupt ended the session. ${FRESH}`);
}

/** What the front itself says of a cell, as an error without a place. */
export function sessionError(name: string, message: string): CellError {
  return { name, message, traceback: [`\u001b[31m${name}\u001b[39m: ${message}`] };
}

/** A line for a cell that goes on after an interrupt; `call` names what native code it is in, where it is in such. */
export function stillRunning(seconds: number, call?: string): string {
  const age = `${Math.round(seconds)} s`;
  const why = call ? `: it has been in ${call}, which can't be interrupted, for more than ${age}` : ` for ${age}`;
  return `The interrupt has not ended this cell${why}. Interrupt again to end the session (its variables are lost), or wait.\n`;
}

/** One sentence: exit code, heap limit, signal or the failure to start. */
export function reason(death: Death): string {
  const heap = /FATAL ERROR: (.*heap.*|.*memory.*)/.exec(death.stderr);
  if (heap) return `The session ran out of JavaScript heap memory (${heap[1]!.trim()}).`;
  if (death.early) return `The session could not start: ${errorLine(death.stderr) || ending(death)}.`;
  if (death.code !== null) return `The cell ended the session: process exited with code ${death.code}.`;
  if (death.signal === 'SIGABRT' || death.signal === 'SIGSEGV') {
    return `The session crashed in native code (${death.signal})${tail(death.stderr)}.`;
  }
  if (death.signal === 'SIGKILL') return 'The session was ended by SIGKILL, as the system does when memory runs out.';
  return `The session was ended by ${ending(death)}.`;
}

function ending(death: Death): string {
  return death.signal ?? (death.code === null ? 'an unknown cause' : `exit code ${death.code}`);
}

function tail(stderr: string): string {
  const line = lastLine(stderr);
  return line ? `: ${line}` : '';
}

/** The line that names the error in what Node prints before it gives up. */
function errorLine(text: string): string {
  return /^\w*Error\b.*$/m.exec(text)?.[0] ?? lastLine(text);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
}
