// The prompt without an editor: plain lines, nothing redrawn. For screen readers, scripts that drive a terminal, and terminals that can do
// no more.
import { createInterface } from 'node:readline';
import { type Front, findCommand } from './commands.ts';
import { readConfig } from './config.ts';
import { PlainPrinter } from './plain-printer.ts';
import { log, type ReplOptions } from './repl.ts';
import { Runner } from './runner.ts';

/** Runs to the end of the input. */
export async function simple({ version, joined, writeNotebook }: ReplOptions): Promise<number> {
  const { config, problems } = readConfig();
  const { completeness } = await import('../session/rewrite/completeness.ts');
  const lines = createInterface({ input: process.stdin, terminal: false });
  const asked: ((line: string) => void)[] = [];
  const ask = ({ prompt }: { prompt: string }) =>
    new Promise<string>((resolve) => {
      process.stdout.write(prompt);
      asked.push(resolve);
    });
  const connect = joined && ((events: Parameters<typeof joined.connect>[0]) => joined.connect(events));
  const runner = new Runner({ printer: new PlainPrinter(), ask, connect, startup: true, log });
  runner.count = joined?.count ?? 0;
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const front: Front = {
    transcript: runner.transcript,
    editor: config.editor,
    // There is no line that could be changed: it runs.
    async suggest(text) {
      say(text);
      await runner.run(text);
      prompt();
    },
    print: say,
    async lend(work) {
      lines.pause();
      try {
        return await work();
      } finally {
        lines.resume();
      }
    },
    writeNotebook,
  };
  let typed: string[] = [];
  const prompt = () => process.stdout.write(typed.length > 0 ? '...: ' : `In [${runner.count + 1}]: `);
  process.on('SIGINT', () => {
    if (runner.waiting > 0) return runner.interrupt();
    typed = [];
    process.stdout.write('\n');
    prompt();
  });
  say(`Tensorcell ${version}. %help lists what else there is; Ctrl-D leaves.`);
  for (const problem of problems) say(problem);
  prompt();
  const left = new Promise<void>((resolve) => {
    lines.on('close', resolve);
    lines.on('line', async (line) => {
      const answer = asked.shift();
      if (answer) return answer(line);
      typed.push(line);
      const code = typed.join('\n');
      if (code.trim() !== '' && completeness(code).status === 'incomplete') return prompt();
      typed = [];
      if (/^\s*(exit|quit)\s*;?\s*$/.test(code)) return lines.close();
      const command = findCommand(code);
      if (command) await command(front);
      else if (code.trim() !== '') await runner.run(code);
      if (runner.waiting === 0) prompt();
    });
  });
  await left;
  process.stdout.write('\n');
  await runner.close();
  return 0;
}
