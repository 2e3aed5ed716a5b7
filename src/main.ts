// The command line. Each command is imported when it is given, so that a kernel starts without the others.
import { readFileSync } from 'node:fs';

interface Command {
  readonly usage: string;
  readonly summary: string;
  /** Answers `--help` itself, at more length. */
  readonly explains?: true;
  /** Returns the exit code. */
  run(args: string[]): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  run: {
    usage: 'run FILE [-o OUT.ipynb] [--html OUT.html] [-p name=value]…',
    summary: 'run a notebook or a .ts file of cells',
    explains: true,
    run: async (args) => (await import('../kernel/run.ts')).run(args),
  },
  lab: {
    usage: 'lab [DIR] [--no-browser] [--port N] [--private] [--yes] [-- MORE…]',
    summary: 'open JupyterLab in a folder, with the kernel',
    explains: true,
    run: async (args) => {
      const [{ lab }, kernel] = await Promise.all([import('./jupyter/lab.ts'), import('../kernel/install.ts')]);
      return lab(args, { install: kernel.install, command: kernel.COMMAND });
    },
  },
  setup: {
    usage: 'setup [--cpu | --cuda | --webgpu | --papermill]',
    summary:
      'get what is optional: TensorFlow’s library and JupyterLab, for itself alone; or WebGPU, or TypeScript parameters for papermill',
    run: async (args) => {
      const [{ setup }, kernel] = await Promise.all([import('./setup.ts'), import('../kernel/install.ts')]);
      return setup(args, { install: kernel.install, command: kernel.COMMAND });
    },
  },
  install: {
    usage: 'install [--user | --sys-prefix | --prefix DIR]',
    summary: 'make Jupyter know the kernel',
    run: async (args) => (await import('../kernel/install.ts')).install(args),
  },
  uninstall: {
    usage: 'uninstall [--user | --sys-prefix | --prefix DIR]',
    summary: 'make Jupyter forget it',
    run: async (args) => (await import('../kernel/install.ts')).uninstall(args),
  },
  doctor: {
    usage: 'doctor [--json]',
    summary: 'say what is here, what is missing and how to get it',
    run: async (args) => {
      const [{ doctor }, { kernelChecks }] = await Promise.all([import('./doctor.ts'), import('../kernel/checks.ts')]);
      return doctor(args, kernelChecks);
    },
  },
  kernel: {
    usage: 'kernel CONNECTION_FILE',
    summary: 'run the kernel; Jupyter calls this',
    // Ends the process whatever is still open: a kernel that was shut down must not stay.
    run: async (args) => process.exit(await (await import('../kernel/main.ts')).run(args)),
  },
};

/** Commands that a later version brings. */
const LATER = ['serve'];

function help(): string {
  const rows = Object.values(COMMANDS).map(({ usage, summary }) => `  tensorcell ${usage}\n      ${summary}`);
  return `Tensorcell: machine learning in TypeScript, in notebooks and in the terminal\n\n  tensorcell [--simple] [--existing [CONNECTION_FILE]]\n      a prompt in the terminal, --simple: of plain lines, --existing: on a running kernel; with piped input, runs it as cells\n${rows.join('\n')}\n\n  --help, --version`;
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function oldNode(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < 20 || (major === 20 && minor < 18);
}

async function main([name, ...args]: string[]): Promise<number> {
  if (oldNode()) {
    console.error(
      `tensorcell: needs Node.js 20.18 or newer, this is ${process.versions.node}: get one from https://nodejs.org`,
    );
    return 1;
  }
  // Ends the process whatever is still open, such as the terminal's input.
  if (name === undefined || name === '--simple' || name === '--existing')
    process.exit(await terminal([name, ...args].filter((word) => word !== undefined)));
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(help());
    return 0;
  }
  if (name === '--version' || name === '-v') {
    console.log(version());
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const why = LATER.includes(name) ? `"${name}" is not in this version` : `there is no command "${name}"`;
    console.error(`tensorcell: ${why}; see tensorcell --help`);
    return 2;
  }
  if (!command.explains && (args.includes('--help') || args.includes('-h'))) {
    console.log(`tensorcell ${command.usage}\n    ${command.summary}`);
    return 0;
  }
  return command.run(args);
}

/** The prompt: `--simple`, `--existing [FILE]`. */
async function terminal(words: readonly string[]): Promise<number> {
  const plain = words.includes('--simple');
  const [existing, file, ...rest] = words.filter((word) => word !== '--simple');
  if ((existing !== undefined && existing !== '--existing') || file?.startsWith('-') || rest.length > 0) {
    console.error(`tensorcell: takes --simple and --existing with one connection file, got ${words.join(' ')}`);
    return 2;
  }
  const { repl } = await import('./repl/repl.ts');
  const writeNotebook = async (...cells: Parameters<typeof import('../kernel/save-cells.ts').writeCells>) =>
    (await import('../kernel/save-cells.ts')).writeCells(...cells);
  const options = { version: version(), plain, writeNotebook };
  if (existing === undefined) return repl(options);
  const { JoinError, joinKernel } = await import('../kernel/join.ts');
  try {
    return await repl({ ...options, joined: await joinKernel(file) });
  } catch (error) {
    if (!(error instanceof JoinError)) throw error;
    console.error(`tensorcell: ${error.message}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
