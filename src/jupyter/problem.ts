// A reason why JupyterLab can't be had or started, as one line for a person. What to do about it stands in the line itself.

/** A failure whose message says all that a person needs; no stack. */
export class JupyterProblem extends Error {}

/** Adds what mends it to an error of the file system or of pip; an error that is not known passes as it is. */
export function explain(error: unknown, folder: string): JupyterProblem {
  if (error instanceof JupyterProblem) return error;
  const { message } = error as Error;
  const [, line] = KNOWN.find(([pattern]) => pattern.test(message)) ?? [];
  const words = line?.(folder) ?? message.trim().split('\n').at(-1) ?? message;
  return new JupyterProblem(words, { cause: error });
}

// pip's last word after every lost connection is "No matching distribution"; the versions are pinned, so it means nothing else.
const KNOWN: readonly [RegExp, (folder: string) => string][] = [
  [/ENOSPC|No space left/i, (folder) => `the disk of ${folder} is full: JupyterLab needs about 300 MB`],
  [
    /EACCES|EPERM|EROFS|ENOTDIR|EEXIST|Permission denied|Read-only file system/,
    (folder) => `${folder} can't be written: set TENSORCELL_HOME to a folder that can`,
  ],
  [
    /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|name resolution|Name or service not known|Connection (refused|reset)|Max retries|No matching distribution/,
    () => 'the Python package index can’t be reached: connect to a network (or set HTTPS_PROXY) and try again',
  ],
];
