import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readConfig } from '../../src/repl/config.ts';

const home = mkdtempSync(join(tmpdir(), 'tensorcell-config-'));
after(() => rmSync(home, { recursive: true, force: true }));

const file = join(home, 'config.json');

function read(text: string, env: NodeJS.ProcessEnv = {}) {
  writeFileSync(file, text);
  const { config, problems } = readConfig({ TENSORCELL_HOME: home, ...env });
  return { config, problems: problems.map((line) => line.replace(`${file}: `, '')) };
}

test('without a file every setting has its default, and nothing is said', () => {
  const { config, problems } = readConfig({ TENSORCELL_HOME: join(home, 'nothing') });
  assert.deepEqual(config, { editing: 'emacs', pictures: 'auto', pager: 'on', editor: 'vi' });
  assert.deepEqual(problems, []);
});

test('settings are what the file says', () => {
  const { config, problems } = read('{ "editing": "vi", "pictures": "blocks", "pager": "off", "editor": "code -w" }');
  assert.deepEqual(config, { editing: 'vi', pictures: 'blocks', pager: 'off', editor: 'code -w' });
  assert.deepEqual(problems, []);
});

test('the editor is that of the environment, VISUAL before EDITOR, unless the file names one', () => {
  assert.equal(read('{}', { EDITOR: 'nano', VISUAL: 'vim' }).config.editor, 'vim');
  assert.equal(read('{}', { EDITOR: 'nano', VISUAL: '' }).config.editor, 'nano');
  assert.equal(read('{ "editor": "hx" }', { EDITOR: 'nano' }).config.editor, 'hx');
});

test('what can’t be used is told of in a line, and the others hold', () => {
  const { config, problems } = read(
    '{ "editing": "vim", "pager": false, "editor": 7, "colour": 1, "pictures": "sixel" }',
  );
  assert.deepEqual(config, { editing: 'emacs', pictures: 'sixel', pager: 'on', editor: 'vi' });
  assert.deepEqual(problems, [
    'editor must be a command, got 7; it is vi',
    'there is no setting "colour": editing, pictures, pager, editor',
    'editing must be emacs or vi, got "vim"; it is emacs',
    'pager must be on or off, got false; it is on',
  ]);
  for (const broken of ['[1]', '7', 'null', '{ "editing": ']) {
    const { config, problems } = read(broken);
    assert.equal(config.editing, 'emacs');
    assert.equal(problems.length, 1, broken);
  }
});
