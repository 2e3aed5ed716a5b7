// A reason why something can't be had or started, as one line for a person. What to do about it stands in the line itself.

/** A failure whose message says all that a person needs; no stack. */
export class SetupProblem extends Error {}

/**
 * Adds what mends it to an error of the file system or of pip; an error that is not known passes as it is. `folder` is where the thing
 * was to be kept, `megabytes` what it needs there.
 */
export function explain(error: unknown, folder: string, megabytes = 300): SetupProblem {
  if (error instanceof SetupProblem) return error;
  const { message } = error as Error;
  const [, line] = KNOWN.find(([pattern]) => pattern.test(message)) ?? [];
  const words = line?.(folder, megabytes) ?? message.trim().split('\n').at(-1) ?? message;
  return new SetupProblem(words, { cause: error });
}

// pip's last word after every lost connection is "No matching distribution"; the versions are pinned, so it means nothing else.
const KNOWN: readonly [RegExp, (folder: string, megabytes: number) => string][] = [
  [/ENOSPC|No space left/i, (folder, megabytes) => `the disk of ${folder} is full: about ${megabytes} MB are needed`],
  [
    /EACCES|EPERM|EROFS|ENOTDIR|EEXIST|Permission denied|Read-only file system/,
    (folder) => `${folder} can't be written: set TENSORCELL_HOME to a folder that can`,
  ],
  [
    /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|name resolution|Name or service not known|Connection (refused|reset)|Max retries|No matching distribution|No distributions? at all found/,
    () => 'the Python package index can’t be reached: connect to a network (or set HTTPS_PROXY) and try again',
  ],
];
