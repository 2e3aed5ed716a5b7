// What the kernel says of itself, to a client that connects.
import { readFileSync } from 'node:fs';
import { type KernelInfoContent, type Ok, PROTOCOL_VERSION } from './messages.ts';

/** The language level that cells are read with: that of the compiler this package is built and checked by. */
const TYPESCRIPT = '7.0';

/** This package's version. */
export function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** The answer to kernel_info. */
export function kernelInfo(): Ok<KernelInfoContent> {
  const version = packageVersion();
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'tensorcell',
    implementation_version: version,
    language_info: {
      name: 'typescript',
      version: TYPESCRIPT,
      mimetype: 'application/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: 'typescript',
      nbconvert_exporter: 'script',
    },
    banner: `Tensorcell ${version} · TypeScript ${TYPESCRIPT} · Node.js ${process.versions.node}`,
    debugger: false,
    help_links: [
      { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
      { text: 'TensorFlow.js', url: 'https://js.tensorflow.org/api/latest/' },
      { text: 'Node.js', url: 'https://nodejs.org/api/' },
    ],
    // No `kernel subshells`: JupyterLab would send all comm messages through one. No `debugger` before there is one.
    supported_features: [],
  };
}
