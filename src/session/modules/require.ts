// `require` on Node below 22.15, whose hooks see no CommonJS: redirects and TypeScript, by the two doors that every tool uses.

import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sources } from '../errors/sources.ts';
import { parse } from '../rewrite/parser.ts';
import { requiredPath } from './deep.ts';
import type { ModuleRules } from './rules.ts';

export type RequireCache = Record<string, unknown>;

interface ModuleInternals {
  _resolveFilename(request: string, parent: { filename?: string | null } | null, ...rest: unknown[]): string;
  _extensions: Record<string, (module: CompiledModule, path: string) => void>;
}

interface CompiledModule {
  _compile(code: string, path: string): void;
}

/** `required` is told the URL of each local file that is asked for. */
export function hookRequire(rules: ModuleRules, required: (url: string) => void): void {
  const internals = Module as unknown as ModuleInternals;
  const original = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, ...rest) {
    const parentUrl = parent?.filename ? pathToFileURL(parent.filename).href : undefined;
    const redirect = rules.redirect(request, parentUrl);
    if (redirect) return requiredPath(redirect);
    const packaged = rules.packaged(request);
    if (packaged) return createRequire(packaged.parentURL).resolve(packaged.specifier);
    const alias = rules.alias(request, parentUrl);
    if (alias) {
      required(alias);
      return fileURLToPath(alias);
    }
    const absent = rules.absent(request, parentUrl, true);
    if (absent) throw absent;
    let path: string;
    try {
      path = original.call(this, request, parent, ...rest);
    } catch (error) {
      const guess = rules.guess(request, parentUrl);
      if (guess === undefined) throw error;
      path = fileURLToPath(guess);
    }
    if (path.startsWith('/') || /^[A-Za-z]:\\/.test(path)) {
      const { href } = pathToFileURL(path);
      if (rules.isLocal(href)) required(href);
    }
    return path;
  };
  for (const end of ['.ts', '.tsx', '.mts', '.cts', '.jsx'])
    internals._extensions[end] = (module, path) => compile(rules, module, path);
}

function compile(rules: ModuleRules, module: CompiledModule, path: string): void {
  const code = readFileSync(path, 'utf8');
  const js = rules.transform(path, code);
  if (parse(js.code, 'js').module.hasModuleSyntax) {
    const label = rules.label(path);
    throw new Error(`require: ${label} is an ES module; import it, or run the session on Node 22.15 or later`);
  }
  sources.addModule(path, { label: rules.label(path), code, mappings: js.mappings });
  module._compile(js.code, path);
}
