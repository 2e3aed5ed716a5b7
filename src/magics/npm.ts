import { packagesWithScripts } from '../session/packages/install-scripts.ts';
import { runNpm } from '../session/packages/npm.ts';
import { startFetching } from '../session/packages/progress.ts';
import type { Magic } from '../session/parts.ts';
import { splitWords } from './words.ts';

/** npm's words for what changes `node_modules`, with its aliases. */
const installing = new Set(
  'install i in ins inst insta instal isnt isnta isntal isntall add ci ic clean-install install-clean isntall-clean update up upgrade udpate dedupe ddp uninstall un unlink remove rm r prune'.split(
    ' ',
  ),
);

/** Runs npm for the notebook's folder. */
export const npm: Magic = {
  name: 'npm',
  usage: '%npm install name[@version]…',
  summary:
    "Runs npm for the notebook's folder: install, uninstall, ls and its other words. Packages' install scripts do not run, unless --ignore-scripts=false.",
  completes: ['install', 'uninstall', 'ls', 'update', 'outdated', 'view', 'rebuild', 'run', 'ci', 'init -y'],
  async run({ args }, { folder }) {
    const words = splitWords(args);
    const name = `%npm ${args}`.trim();
    const verb = words.find((word) => !word.startsWith('-'));
    if (verb === undefined) throw new SyntaxError('%npm: a word of npm must follow, such as %npm install zod');
    // Without a prefix npm would take the nearest folder above that has a package.json.
    const isGlobal = words.some((word) => /^(-g|--global|--location=global|--prefix\b.*|-C)$/.test(word));
    const place = isGlobal ? [] : ['--prefix', folder];
    const line = (text: string, stream: 'stdout' | 'stderr') => process[stream].write(`${text}\n`);
    if (!installing.has(verb)) return runNpm([...words, ...place], { folder, name, line });

    const scripts = words.some((word) => /^--(no-)?ignore-scripts\b/.test(word)) ? [] : ['--ignore-scripts'];
    const before = packagesWithScripts(folder);
    const progress = startFetching(name);
    const said: string[] = [];
    try {
      await runNpm([...words, ...place, ...scripts, '--no-audit', '--no-fund'], {
        folder,
        name,
        fetched: (what) => progress.fetched(what),
        line: (text, stream) => (stream === 'stdout' ? void (text !== '' && said.push(text)) : line(text, stream)),
      });
    } catch (error) {
      progress.end(`${name}: failed after {time}`);
      throw error;
    }
    progress.end(said.join('\n') || `${name}: done in {time}`);
    const left = scripts.length === 0 ? [] : [...packagesWithScripts(folder)].filter((one) => !before.has(one));
    if (left.length > 0) console.log(notRun(left));
  },
};

function notRun(packages: readonly string[]): string {
  const names = packages.map((one) => one.slice(0, one.lastIndexOf('@'))).join(' ');
  const [scripts, them] = packages.length === 1 ? ['install script was', 'it'] : ['install scripts were', 'them'];
  return `${packages.join(', ')}: the ${scripts} not run; %npm rebuild ${names} --ignore-scripts=false runs ${them}`;
}
