// The server's death, hang and absence, and cells that are too much for it: the cell runs, and one line says that it was not checked.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { serverProgram } from '../../src/language/program.ts';
import { check, freshChecker, freshFolder, TypedRun } from './harness.ts';

const WRONG = 'const wrong: number = "text"';

describe('a server', () => {
  it('that was killed is started again, and knows the cells', async () => {
    const checker = freshChecker();
    assert.deepEqual(await check(checker, 'const kept = { a: 1 }'), []);
    const first = checker.workspace.pid!;
    process.kill(first, 'SIGKILL');
    assert.deepEqual(await check(checker, 'const n: string = kept.a'), ['TS2322 1:7']);
    assert.notEqual(checker.workspace.pid, first);
    process.kill(checker.workspace.pid!, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(await check(checker, 'kept.b'), ['TS2339 1:6']);
  });

  it('that hangs costs a cell the wait, and the next cell is checked by another', async () => {
    const checker = freshChecker({ patience: 8000 });
    // On a busy machine the start may take longer than that.
    while ((await check(checker, WRONG))[0] !== 'TS2322 1:7') checker.retry();
    const first = checker.workspace.pid!;
    process.kill(first, 'SIGSTOP');
    // Its threads stop one after another, and an answer takes a few milliseconds.
    await delay(200);
    assert.deepEqual(await check(checker, WRONG), ['the type checker took more than 8 s']);
    for (let tries = 0; tries < 20; tries++) {
      checker.retry();
      if ((await check(checker, WRONG))[0] === 'TS2322 1:7') break;
    }
    assert.notEqual(checker.workspace.pid, first);
    assert.throws(() => process.kill(first, 0), 'the one that hangs is ended');
  });

  it('that dies at every start is given up after three cells; %check error tries again', async () => {
    const program = script('exit 3');
    const run = new TypedRun({ program: () => program });
    assert.match(
      (await run.run('const a = 1')).stdout,
      /^This cell ran without a check of its types: the type checker ended twice\.\n$/,
    );
    assert.equal((await run.run('const b: number = a + 1\nb')).value, '2');
    assert.match((await run.run('const c = b')).stdout, /3 cells in a row; %check error tries again/);
    const last = await run.run('a + b + c');
    assert.deepEqual([last.stdout, last.stderr, last.value], ['', '', '5']);
    assert.match((await run.run('%check error')).stdout, /^Types are checked/);
    assert.match((await run.run('const d = 1')).stdout, /ended twice/);
  });

  it('that is not there is told of once', async () => {
    const program = () => {
      throw new Error('@typescript/typescript-linux-x64 is not installed');
    };
    const run = new TypedRun({ program });
    const first = await run.run('const a: number = 1');
    assert.equal(
      first.stdout,
      'This cell ran without a check of its types: @typescript/typescript-linux-x64 is not installed.\n',
    );
    assert.equal(first.stderr, '');
    assert.equal((await run.run('a.toFixed()\na')).stdout, '');
  });

  it('that never answers does not hold up an interrupt, nor the end', async () => {
    const program = script('sleep 600');
    const run = new TypedRun({ program: () => program });
    const cell = run.run('const a = 1');
    await new Promise((resolve) => setTimeout(resolve, 500));
    run.session.interrupt();
    assert.equal((await cell).name, 'KeyboardInterrupt');
    const stuck = run.run('const b = 1');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await run.session.close();
    assert.equal((await stuck).result.status, 'error');
  });
});

describe('a cell', () => {
  it('of 50,000 lines runs unchecked, and what it declares can be used', async () => {
    const run = new TypedRun();
    const long = Array.from({ length: 50_000 }, (_, i) => `const line${i} = ${i};`).join('\n');
    const { stdout, result } = await run.run(long);
    assert.equal(result.status, 'ok');
    assert.match(stdout, /^This cell ran without a check of its types: it is longer than 200,000 characters\.\n$/);
    assert.equal((await run.run('line49999 + 1')).value, '50000');
  });

  it('with a type that recurses without end ends, and the kernel answers', async () => {
    const run = new TypedRun({ patience: 20_000 });
    await run.run('type Deep<T, N extends number[] = []> = N["length"] extends 900 ? T : Deep<[T, T], [...N, 0]>');
    const { result, stdout, name } = await run.run(
      'type Loop<T> = T extends [] ? 1 : Loop<[T, ...Loop<T>]>; const d: Loop<[1]> = 1 as any',
    );
    assert.ok(name?.startsWith('TS') || /took more than|ended twice/.test(stdout) || result.status === 'ok', name);
    assert.equal((await run.run('1 + 1')).value, '2');
    assert.equal((await run.run('const after: number = 5\nafter')).value, '5');
  });

  it('that is no TypeScript is told so by the parser, once', async () => {
    const run = new TypedRun();
    const { name, error } = await run.run('const const = 3');
    assert.equal(name, 'SyntaxError');
    assert.match(error!, /In\[1\]:1:7/);
    assert.equal((await run.run('def f(x):\n    return x')).name, 'SyntaxError');
  });

  it('of an error does not run; its error has line, caret, code and message', async () => {
    const run = new TypedRun();
    const { name, error, stdout } = await run.run('console.log("ran");\nconst o = { a: 1 };\no.bbb;');
    assert.deepEqual([name, stdout], ['TS2339', '']);
    assert.equal(
      error,
      [
        "TS2339: Property 'bbb' does not exist on type '{ a: number; }'.",
        '    at In[1]:3:3',
        '--->   3 | o.bbb;',
        '         |   ^^^',
      ].join('\n'),
    );
  });

  it('of many errors shows five and counts the rest', async () => {
    const run = new TypedRun();
    const { error } = await run.run(Array.from({ length: 8 }, (_, i) => `const e${i}: number = "x"`).join('\n'));
    assert.equal(error!.match(/^TS2322/gm)?.length, 5);
    assert.match(error!, /… and 3 more errors of types$/);
  });
});

describe('%check', () => {
  it('warn prints and runs, off looks at nothing, error stops again; alone it says which', async () => {
    const run = new TypedRun();
    assert.match((await run.run('%check warn')).stdout, /errors are printed, and the cell runs/);
    const warned = await run.run(`${WRONG}\n1`);
    assert.match(warned.stdout, /^TS2322: .*\n {4}at In\[2\]:1:7\n/);
    assert.equal(warned.value, '1');
    assert.match((await run.run('%check off')).stdout, /not checked/);
    const unchecked = await run.run(`${WRONG}\nwrong`);
    assert.deepEqual([unchecked.stdout, unchecked.value], ['', "'text'"]);
    await run.run('%check error');
    assert.equal((await run.run(WRONG)).name, 'TS2322');
    assert.match((await run.run('%check')).stdout, /an error stops the cell/);
    assert.equal((await run.run('%check sometimes')).name, 'SyntaxError');
    assert.equal((await run.run(`%check off\n${WRONG}\nwrong`)).value, "'text'");
  });
});

describe('a notebook', () => {
  it('keeps to the tsconfig.json of its folder: strictness, paths, lib; and to changes of it', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib', 'tool.ts'), 'export const tool = { name: "hammer" };');
    const config = (options: object) =>
      writeFileSync(
        join(folder, 'tsconfig.json'),
        `// with a comment\n${JSON.stringify({ compilerOptions: options })}`,
      );
    config({ strict: true, lib: ['esnext'], noUncheckedIndexedAccess: true, paths: { '@lib/*': ['./lib/*'] } });
    const checker = freshChecker({ folder });
    assert.deepEqual(await check(checker, 'function f(x) { return x }'), ['TS7006 1:12']);
    assert.deepEqual(await check(checker, 'const n: number = [1][0]'), ['TS2322 1:7']);
    assert.deepEqual(await check(checker, 'import { tool } from "@lib/tool"; const s: number = tool.name'), [
      'TS2322 1:41',
    ]);
    assert.deepEqual(await check(checker, 'document.title'), ['TS2584 1:1']);
    config({ strict: false, lib: ['esnext', 'dom'] });
    assert.deepEqual(await check(checker, 'const n: number = [1][0]; document.title; const u: number = null'), []);
  });

  it('keeps to the JSX of its tsconfig.json: a factory of an earlier cell, a package; without a word on it, as cells run', async () => {
    const folder = freshFolder();
    const config = (options: object) =>
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    const checker = freshChecker({ folder });
    config({ jsx: 'react', jsxFactory: 'view.h' });
    assert.deepEqual(await check(checker, 'const early = <p/>'), ['TS2874 1:16']);
    await check(checker, 'const view = { h: (tag: string, _props: object | null) => ({ tag }) }');
    assert.deepEqual(await check(checker, '<p/>'), []);
    config({ strict: true });
    assert.deepEqual(await check(checker, '<p/>'), []);
    mkdirSync(join(folder, 'node_modules', 'mini', 'jsx-runtime'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', 'mini', 'package.json'), '{ "name": "mini", "version": "1.0.0" }');
    writeFileSync(
      join(folder, 'node_modules', 'mini', 'jsx-runtime', 'index.d.ts'),
      'export function jsx(tag: string, props: object): object;\nexport namespace JSX { interface IntrinsicElements { p: { id?: string } } }',
    );
    config({ jsx: 'react-jsx', jsxImportSource: 'mini' });
    assert.deepEqual(await check(checker, '<p id={5}/>'), ['TS2322 1:4']);
  });

  it('is told what is wrong with its tsconfig.json, once', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true, ');
    const run = new TypedRun({ folder });
    assert.match(
      (await run.run('const a = 1')).stdout,
      /^\/.*tsconfig\.json: .*JSON.*\. Cells are checked with what could be read of it\.\n$/,
    );
    assert.equal((await run.run('const b = a\nb')).stdout, '');
  });

  it('beside another in one folder knows its own cells only', async () => {
    const folder = freshFolder();
    const [one, other] = [freshChecker({ folder }), freshChecker({ folder })];
    assert.deepEqual(await check(one, 'const shared = 1'), []);
    assert.deepEqual(await check(other, 'const shared = "x"'), []);
    assert.deepEqual(await check(one, 'const n: number = shared'), []);
    assert.deepEqual(await check(other, 'const n: number = shared'), ['TS2322 1:7']);
  });

  it('gets one hint for a package without types, whose values are any', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'node_modules', 'untyped'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', 'untyped', 'package.json'), '{ "name": "untyped", "main": "index.js" }');
    writeFileSync(join(folder, 'node_modules', 'untyped', 'index.js'), 'exports.twice = (n) => n * 2;');
    const run = new TypedRun({ folder });
    const first = await run.run('import { twice } from "untyped"\ntwice(4)');
    assert.equal(
      first.stdout,
      'untyped brings no types: what comes from it is any. If there are some, %npm install @types/untyped adds them.\n',
    );
    assert.equal(first.value, '8');
    const second = await run.run('import * as all from "untyped"\nall.twice(2)');
    assert.deepEqual([second.stdout, second.value], ['', '4']);
  });
});

describe('a session', () => {
  it('that was restarted or died has no names left', async () => {
    const run = new TypedRun();
    await run.run('const lost = 1; interface Gone { a: 1 }');
    await run.session.restart();
    assert.equal((await run.run('lost')).name, 'TS2304');
    await run.run('const lost = 2');
    await run.run('process.exit(3)');
    assert.equal((await run.run('lost')).name, 'TS2304');
  });

  it('completes with types and what it knows itself, and tells what a value is now', async () => {
    const run = new TypedRun();
    await run.run('const user = { firstName: "Ada" }; const anything: any = { live: 1 };');
    const names = async (code: string) => (await run.session.complete(code, code.length)).items.map(({ text }) => text);
    assert.deepEqual(await names('user.'), ['firstName']);
    assert.ok((await names('anything.')).includes('live'));
    assert.ok((await names('us')).includes('user'));
    assert.deepEqual(await names('%chec'), ['%check']);
    const text = String((await run.session.inspect('user', 4, 0))?.data['text/plain']);
    assert.match(text, /^const user: \{\n {4}firstName: string;\n\}\n\n.*firstName: 'Ada'/s);
  });

  it('knows what a cell declares that still waits for its first verdict', async () => {
    const run = new TypedRun();
    const cell = run.run('const early = { firstName: "Ada" }');
    const { items } = await run.session.complete('early.', 6);
    assert.deepEqual(
      items.map((item) => item.text),
      ['firstName'],
    );
    assert.equal((await cell).result.status, 'ok');
  });

  it('looks at values without running their code', async () => {
    const run = new TypedRun();
    await run.run(
      `let ran = 0;
       const loud: any = {
         get getter() { return ++ran; },
         toHTML() { return String(++ran); },
         [Symbol.for('Jupyter.display')]: () => { ran++; return { 'text/plain': 'x' }; },
         [Symbol.for('nodejs.util.inspect.custom')]: () => String(++ran),
       };
       const proxy: any = new Proxy([1, 2], { get: () => { ran++; }, ownKeys: () => { ran++; return []; } });
       const list = [loud, 2, 3]; const table = new Map([[1, 2]]);`,
    );
    const look = async (code: string) => String((await run.session.inspect(code, code.length, 0))?.data['text/plain']);
    for (const name of ['loud', 'loud.getter', 'proxy', 'proxy.length', 'proxy[0]']) await look(name);
    for (const code of ['loud.', 'proxy.', 'loud.getter.']) await run.session.complete(code, code.length);
    assert.match(await look('list'), /list: Array\(3\)/);
    assert.match(await look('table'), /table: Map\(1\)/);
    assert.equal((await run.run('ran')).value, '0');
  });

  it('answers while a cell is in a loop', async () => {
    const run = new TypedRun();
    await run.run('const user = { firstName: "Ada" };');
    const cell = run.run('const end = Date.now() + 4000; while (Date.now() < end);');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { items } = await run.session.complete('user.', 5);
    assert.deepEqual(
      items.map((item) => item.text),
      ['firstName'],
    );
    run.session.interrupt();
    await cell;
  });
});

/** A program that stands in for the server: a shell script. */
function script(body: string): string {
  const file = join(freshFolder(), 'server');
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

it('the server’s program is the one of this platform', () => {
  assert.match(serverProgram(), /typescript-\w+-\w+[/\\]lib[/\\]tsc(?:\.exe)?$/);
});
