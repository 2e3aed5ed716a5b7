// What the composition root (src/host.ts) hands to the session: the session itself knows no tensors, plots or data sets.
import type { Formatter } from '../display/render.ts';

/** A name that is there without an import and loads at its first mention in a cell. */
export interface Ambient {
  readonly name: string;
  load(): Promise<unknown>;
}

/** Sends an import to the session's own copy of a package, from any folder, ESM and CommonJS. */
export interface PackageRedirect {
  /** Source of a RegExp over the whole specifier, such as `^@tensorflow/tfjs-core(/.*)?$`. */
  readonly pattern: string;
  /** `file:` URL of the module that answers an `import`. */
  readonly url: string;
  /** Absolute path of the CommonJS module that answers a `require`; without it, the path of `url`. */
  readonly require?: string;
}

export interface SessionParts {
  /** The table of formatters, first match first; the last row matches every value. */
  readonly formatters: readonly Formatter[];
  readonly ambients: readonly Ambient[];
  readonly redirects: readonly PackageRedirect[];
}
