// Runs spec files on one backend, in a child process, and in another one for the rest when a spec takes the process down.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { bundleSpecs } from './bundle.ts';
import type { SpecReport } from './child.ts';

/** What became of a spec. A crash is told of the spec that ran when the process ended. */
export interface SpecResult {
  readonly file: string;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'crashed';
  readonly message: string;
}

const child = fileURLToPath(new URL('./child.js', import.meta.url));

/** The results of all specs of the files, in the order in which they ran. */
export async function runSpecs(backend: string, files: readonly string[]): Promise<SpecResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tc-specs-'));
  try {
    const bundle = join(folder, 'specs.cjs');
    await bundleSpecs(bundle);
    const results: SpecResult[] = [];
    for (let rest = files; rest.length > 0; ) {
      const { reports, end } = await runChild(bundle, backend, rest);
      results.push(...reports.filter(({ status }) => status !== 'started').map(toResult));
      if (end === undefined) break;
      const last = reports.at(-1);
      if (last?.status !== 'started') throw new Error(`the specs on ${backend} ended outside a spec: ${end}`);
      results.push({ file: last.file, name: last.name, status: 'crashed', message: end });
      rest = rest.slice(rest.indexOf(last.file) + 1);
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const toResult = ({ file, name, status, message = '' }: SpecReport): SpecResult => ({
  file,
  name,
  status: status as SpecResult['status'],
  message,
});

/** `end` is how the process ended, unless it ended well. */
function runChild(
  bundle: string,
  backend: string,
  files: readonly string[],
): Promise<{ reports: SpecReport[]; end: string | undefined }> {
  return new Promise((resolve, reject) => {
    const reports: SpecReport[] = [];
    const process_ = spawn(process.execPath, [child, bundle, backend, ...files], {
      env: { ...process.env, TENSORCELL_BACKEND: backend },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    let said = '';
    process_.stderr!.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
    createInterface(process_.stdio[3] as Readable).on('line', (line) => reports.push(JSON.parse(line)));
    process_.once('error', reject);
    process_.once('close', (code, signal) => {
      resolve({ reports, end: code === 0 ? undefined : `the process ended with ${signal ?? code}\n${said}` });
    });
  });
}
