// What a person sets for the terminal: `config.json` in TENSORCELL_HOME. Knows each setting's name and values, not what is done with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensorcellHome } from '../home.ts';

/** The words that each setting may be; the first is its default. */
const CHOICES = {
  /** Whose keys edit a cell. */
  editing: ['emacs', 'vi'],
  /** How pictures are drawn; `auto`: in the way that the terminal says it knows, else in half blocks. */
  pictures: ['auto', 'kitty', 'iterm2', 'sixel', 'blocks', 'none'],
  /** Whether what is longer than the screen opens in a pager once the cell has ended. */
  pager: ['on', 'off'],
} as const;

type Choices = { readonly [Name in keyof typeof CHOICES]: (typeof CHOICES)[Name][number] };

export interface Config extends Choices {
  /** The command that `%edit` runs with a file's name behind it; default: VISUAL, EDITOR, or `vi`. */
  readonly editor: string;
}

/** The settings of a person, and a line on each that can't be used: its default holds then. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): { config: Config; problems: string[] } {
  const file = join(tensorcellHome(env), 'config.json');
  const problems: string[] = [];
  const given = readSettings(file, problems);
  const choose = <Name extends keyof Choices>(name: Name): Choices[Name] => {
    const words: readonly string[] = CHOICES[name];
    const value = given[name] ?? words[0];
    if (!words.includes(value as string))
      problems.push(`${file}: ${name} must be ${listWords(words)}, got ${JSON.stringify(value)}; it is ${words[0]}`);
    return (words.includes(value as string) ? value : words[0]) as Choices[Name];
  };
  const { editor = env.VISUAL || env.EDITOR || 'vi' } = given;
  if (typeof editor !== 'string' || editor.trim() === '')
    problems.push(`${file}: editor must be a command, got ${JSON.stringify(editor)}; it is vi`);
  const known = [...Object.keys(CHOICES), 'editor'];
  for (const name of Object.keys(given))
    if (!known.includes(name))
      problems.push(`${file}: there is no setting ${JSON.stringify(name)}: ${known.join(', ')}`);
  const config: Config = {
    editing: choose('editing'),
    pictures: choose('pictures'),
    pager: choose('pager'),
    editor: typeof editor === 'string' && editor.trim() !== '' ? editor : 'vi',
  };
  return { config, problems };
}

function readSettings(file: string, problems: string[]): Record<string, unknown> {
  try {
    const settings: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings))
      return settings as Record<string, unknown>;
    problems.push(`${file}: must be an object such as { "editing": "vi" }, got ${JSON.stringify(settings)}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push(`${file}: ${(error as Error).message}`);
  }
  return {};
}

function listWords(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
