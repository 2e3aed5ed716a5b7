// What npm says when it fails → the one sentence that helps.

/** Why npm failed, from what it wrote to stderr, without a full stop; `undefined` when that does not say. */
export function npmReason(stderr: string): string | undefined {
  const lines = stderr.split('\n').flatMap((line) => /^npm (?:error|ERR!) ?(.*)$/.exec(line)?.slice(1) ?? []);
  const code = lines.flatMap((line) => /^code (\S+)$/.exec(line)?.slice(1) ?? [])[0];
  if (code === 'E404') {
    const wanted = /requested resource '([^']+)'|'([^']+)' is not in/.exec(stderr)?.slice(1).find(Boolean);
    if (wanted) return `the registry has no package ${wanted.replace(/@(?:\*|latest)$/, '')}`;
  }
  if (code === 'ETARGET')
    return /No matching version found for [^\s]+(?<!\.)/.exec(stderr)?.[0].replace(/^N/, 'n') ?? code;
  if (code !== undefined && network.has(code)) return `the registry can't be reached (${code})`;
  if (code === 'ENOTCACHED') return 'the registry was not asked (offline), and the package is not in npm’s cache';
  const said = lines
    .map((line) => line.replace(/^[A-Z0-9]+ /, ''))
    .filter((line) => line.trim() !== '' && !noise.test(line));
  return said.length > 0 ? said.slice(0, 3).join('; ') : undefined;
}

const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_SOCKET_TIMEOUT',
  'FETCH_ERROR',
]);

const noise = /^(code |errno |syscall |A complete log|\s+at |tarball, folder|Note that you can)/;
