// A real JupyterLab, started by the built command in a folder of the test, and a real Chromium that looks at it.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMMAND = join(ROOT, 'bin', 'tensorcell.js');
/** Where the pictures of the page are kept. */
export const PICTURES = join(ROOT, 'build', 'lab');

/** The path of a Chromium or Chrome of this machine. */
function findChromium(): string | undefined {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
}

/** A JupyterLab for the tests of a file, there while they run; `skip` says why they can't. */
export function labForTests() {
  const chromium = findChromium();
  let rig: LabRig | undefined;
  before(async () => {
    if (!chromium) return;
    mkdirSync(PICTURES, { recursive: true });
    rig = await LabRig.start(chromium);
  });
  after(() => rig?.close());
  return {
    skip: chromium ? false : 'no Chromium on this machine',
    get rig(): LabRig {
      return rig!;
    },
  } as const;
}

/** Waits until the page shows the kernel as idle or busy. */
export function kernelIs(status: 'idle' | 'busy', page: Page): Promise<void> {
  // The indicator beside the kernel's name says idle before there is a kernel; the bar at the foot does not.
  const words = `TypeScript (Tensorcell) | ${status === 'idle' ? 'Idle' : 'Busy'}`;
  return page.getByText(words).first().waitFor();
}

/** `tensorcell lab --private` in a new folder, with the repository's notebooks' packages in it. */
export class LabRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'tc-lab-'));
  #server: ChildProcess | undefined;
  #browser: Browser | undefined;
  #address = '';
  /** Stands between the pages and JupyterLab, so that a test can cut the line. */
  #line: Server | undefined;
  readonly #sockets = new Set<Socket>();
  #whole: Promise<void> = Promise.resolve();

  private constructor() {
    symlinkSync(join(ROOT, 'notebooks', 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Starts JupyterLab (the first time on a machine it is downloaded); rejects with its words when it does not come up. */
  static async start(executablePath: string): Promise<LabRig> {
    const rig = new LabRig();
    rig.#address = await rig.#between(await rig.#serve());
    rig.#browser = await chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return rig;
  }

  /** Writes a notebook into the folder and opens it, with a kernel ready. */
  async open(name: string, notebook: unknown): Promise<Page> {
    writeFileSync(join(this.folder, name), JSON.stringify(notebook));
    const page = await this.reopen(name);
    await kernelIs('idle', page);
    return page;
  }

  /** Opens a notebook of the folder in a new page, whatever its kernel is doing. */
  async reopen(name: string): Promise<Page> {
    const page = await this.#browser!.newPage({ viewport: { width: 1360, height: 1000 } });
    page.setDefaultTimeout(60_000);
    await page.goto(this.#address.replace('/lab', `/lab/workspaces/auto-${name.replace('.', '-')}/tree/${name}`));
    await page.locator('.jp-NotebookPanel:visible .jp-Cell').first().waitFor();
    return page;
  }

  /** Cuts all connections of the pages; new ones come through after a time in ms. (Refused ones JupyterLab tries again after 10 s.) */
  cutLine(ms: number): void {
    this.#whole = delay(ms);
    for (const socket of this.#sockets) socket.destroy();
  }

  /** What `tensorcell run` makes of a notebook. */
  async executed(notebook: unknown): Promise<unknown> {
    const [input, output] = [join(this.folder, 'input.ipynb'), join(this.folder, 'output.ipynb')];
    writeFileSync(input, JSON.stringify(notebook));
    await promisify(execFile)(process.execPath, [COMMAND, 'run', input, '-o', output]);
    return JSON.parse(readFileSync(output, 'utf8'));
  }

  /** The notebook as it lies on disk. */
  saved(name: string): { metadata: unknown; cells: { outputs?: unknown[] }[] } {
    return JSON.parse(readFileSync(join(this.folder, name), 'utf8'));
  }

  /** Ends it as Ctrl-C does; resolves to the exit code of the command. */
  async close(): Promise<number | null> {
    await this.#browser?.close();
    this.#line?.close();
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server!;
    const code = await new Promise<number | null>((resolve) => {
      if (server.exitCode !== null) return resolve(server.exitCode);
      server.once('close', resolve);
      server.kill('SIGINT');
    });
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }

  /** The address by which the pages reach JupyterLab through a line of the test. */
  async #between(address: string): Promise<string> {
    const { hostname, port } = new URL(address);
    this.#line = createServer(async (near) => {
      near.on('error', () => near.destroy());
      await this.#whole;
      const far = connect(Number(port), hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.pipe(other);
        // An error is a line that was cut: the close that follows tells the other side.
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => this.#line!.listen(0, '127.0.0.1', resolve));
    return address.replace(`:${port}/`, `:${(this.#line.address() as AddressInfo).port}/`);
  }

  #serve(): Promise<string> {
    const own = (name: string) => {
      const folder = join(this.folder, '.jupyter', name);
      mkdirSync(folder, { recursive: true });
      return folder;
    };
    const setting = (extension: string, name: string, values: object) => {
      const folder = join(own('settings'), '@jupyterlab', extension);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}.jupyterlab-settings`), JSON.stringify(values));
    };
    // Every cell on the page, not only those in sight; no question about news, which is no part of what is tested.
    setting('notebook-extension', 'tracker', { windowingMode: 'none' });
    setting('apputils-extension', 'notification', { fetchNews: 'false', checkForUpdates: false });
    // The page's scripts reach JupyterLab as an extension does: window.jupyterapp.
    writeFileSync(join(own('config'), 'jupyter_lab_config.json'), '{"LabApp": {"expose_app_in_browser": true}}');
    const env = {
      ...process.env,
      JUPYTER_CONFIG_DIR: own('config'),
      JUPYTER_DATA_DIR: own('data'),
      JUPYTER_RUNTIME_DIR: own('runtime'),
      JUPYTERLAB_WORKSPACES_DIR: own('workspaces'),
      JUPYTERLAB_SETTINGS_DIR: own('settings'),
    };
    const args = [COMMAND, 'lab', '--private', '--no-browser', '--port', '8931', this.folder];
    this.#server = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Promise((resolve, reject) => {
      let words = '';
      const listen = (text: string) => {
        words += text;
        const address = /https?:\/\/\S+\/lab\S*/.exec(words)?.[0];
        if (address && words.includes('Ctrl-C')) resolve(address);
      };
      for (const stream of [this.#server!.stdout!, this.#server!.stderr!])
        stream.setEncoding('utf8').on('data', listen);
      this.#server!.once('close', (code) => reject(new Error(`tensorcell lab ended with ${code}: ${words}`)));
    });
  }
}
