// `prompt()` and `confirm()` in a cell: they block the cell, as in a browser, while the person answers in the front end.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { InputAnswer } from './messages.ts';
import { SLOT } from './shared.ts';
import type { InputRequest } from './types.ts';

export interface InputOptions {
  readonly shared: Int32Array;
  readonly answers: MessagePort;
  /** Sends the question; throws when the front end takes none. */
  ask(request: InputRequest): void;
}

/** Defines the global `prompt(message?, fallback?)`, `prompt(message, { password: true })` and `confirm(message?)`. */
export function installPrompt(options: InputOptions): void {
  const globals = {
    /**
     * The person's line; `fallback` when it is empty. With `{ password: true }` in its place the front end does not show what is
     * typed. Throws when the front end can't ask.
     */
    prompt(message: unknown = '', fallback: unknown = ''): string {
      if (typeof fallback !== 'object' || fallback === null)
        return question(options, { prompt: String(message), password: false }) || String(fallback);
      const { password = false } = fallback as { password?: unknown };
      if (typeof password !== 'boolean')
        throw new TypeError(`prompt: password must be true or false, got ${typeof password}`);
      return question(options, { prompt: String(message), password });
    },
    confirm(message: unknown = ''): boolean {
      return /^y/i.test(question(options, { prompt: `${message} [y/N] `, password: false }).trim());
    },
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  }
}

function question({ shared, answers, ask }: InputOptions, request: InputRequest): string {
  // An answer to a question that an interrupt ended may still lie there.
  while (receiveMessageOnPort(answers));
  const before = Atomics.load(shared, SLOT.answered);
  ask(request);
  Atomics.wait(shared, SLOT.answered, before);
  const answer = receiveMessageOnPort(answers)?.message as InputAnswer | undefined;
  if (!answer) throw new Error('prompt: the answer was lost');
  if ('failed' in answer) throw new Error(answer.failed);
  return answer.text;
}
