// The loader thread of Node below 22.15, which `module.register` starts: the rules as asynchronous hooks. Imported by Node alone.
import type { LoadHook, ResolveHook } from 'node:module';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type Syntax, useSyntax } from '../rewrite/transform.ts';
import { isJson, ModuleRules, type RulesOptions } from './rules.ts';

export interface HooksData extends RulesOptions {
  readonly syntax: Syntax;
  /** Takes each module that was transformed to the main thread, and brings paths whose import failed. */
  readonly port: MessagePort;
}

let rules: ModuleRules;
let port: MessagePort;

export function initialize(data: HooksData): void {
  rules = new ModuleRules(data);
  useSyntax(data.syntax);
  port = data.port;
  port.unref();
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  for (let sent = receiveMessageOnPort(port); sent !== undefined; sent = receiveMessageOnPort(port))
    rules.failed(sent.message as string);
  const redirect = rules.redirect(specifier, context.parentURL);
  if (redirect) return { url: redirect.url, shortCircuit: true };
  const packaged = rules.packaged(specifier);
  if (packaged) {
    const { url, format } = await next(packaged.specifier, { ...context, parentURL: packaged.parentURL });
    return { url, format, shortCircuit: true };
  }
  const alias = rules.alias(specifier, context.parentURL);
  if (alias)
    return {
      url: rules.version(alias),
      ...(isJson(alias) && { importAttributes: { type: 'json' } }),
      shortCircuit: true,
    };
  const absent = rules.absent(specifier, context.parentURL);
  if (absent) rules.notFound(absent, context.parentURL);
  let found: Awaited<ReturnType<ResolveHook>>;
  try {
    found = await next(specifier, context);
  } catch (error) {
    found = { url: rules.guess(specifier, context.parentURL) ?? rules.notFound(error, context.parentURL) };
  }
  if (!rules.isLocal(found.url)) return { ...found, shortCircuit: true };
  const importAttributes = isJson(found.url) ? { type: 'json' } : context.importAttributes;
  return { ...found, url: rules.version(found.url), importAttributes, shortCircuit: true };
};

export const load: LoadHook = async (url, context, next) => {
  const module = rules.load(url);
  if (module === undefined) return next(url, context);
  if (module.loaded) port.postMessage(module.loaded);
  return { format: module.format, source: module.source, shortCircuit: true };
};
