// A registry of npm packages on this machine, for tests: npm itself installs from it, over HTTP.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';

/** A package's versions: what its manifest has beside name and version, and its files. */
export type Versions = Record<string, { manifest?: object; files: Record<string, string> }>;

export interface Registry {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Returns the sum of each version's archive. */
  add(name: string, versions: Versions): Record<string, string>;
  /** Resolves when a path has been asked for that is never answered. */
  hang(path: string): Promise<void>;
}

/** Serves until the file's tests are over. The newest version is the one given last. */
export async function startRegistry(): Promise<Registry> {
  const answers = new Map<string, Buffer>();
  const asked: string[] = [];
  const hanging = new Map<string, () => void>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!);
    asked.push(path);
    const hangs = hanging.get(path);
    if (hangs) return hangs();
    const answer = answers.get(path);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(answer ?? '{"error":"Not found"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    hang: (path) => new Promise((resolve) => hanging.set(path, resolve)),
    add(name, versions) {
      const listed: Record<string, unknown> = {};
      const sums: Record<string, string> = {};
      for (const [version, { manifest = {}, files }] of Object.entries(versions)) {
        const whole = { name, version, ...manifest };
        const tarball = packed({ 'package.json': JSON.stringify(whole), ...files });
        const path = `/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
        answers.set(path, tarball);
        const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
        sums[version] = integrity;
        const hasInstallScript = /"(pre|post)?install"/.test(JSON.stringify(manifest));
        listed[version] = {
          ...whole,
          dist: { tarball: url + path, integrity },
          ...(hasInstallScript && { hasInstallScript }),
        };
      }
      const latest = Object.keys(versions).at(-1);
      answers.set(`/${name}`, Buffer.from(JSON.stringify({ name, 'dist-tags': { latest }, versions: listed })));
      return sums;
    },
  };
}

/** A gzipped tar with the files under `package/`. */
export function packed(files: Record<string, string>): Buffer {
  const blocks: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(`package/${name}`, 0);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
