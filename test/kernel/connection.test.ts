import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { address, ConnectionError, checkConnection, readConnection } from '../../kernel/connection.ts';

const FIELDS = {
  transport: 'tcp',
  ip: '127.0.0.1',
  shell_port: 1001,
  control_port: 1002,
  iopub_port: 1003,
  stdin_port: 1004,
  hb_port: 1005,
  key: 'k',
  signature_scheme: 'hmac-sha256',
};

function refused(change: object, pattern: RegExp): void {
  assert.throws(
    () => checkConnection({ ...FIELDS, ...change }, 'c.json'),
    (error: unknown) => {
      assert.ok(error instanceof ConnectionError);
      assert.match(error.message, pattern);
      assert.ok(!error.message.includes('\n'), 'one line');
      return true;
    },
  );
}

test('a whole connection file gives addresses for tcp and ipc', () => {
  const connection = checkConnection({ ...FIELDS, kernel_name: 'x', jupyter_session: '' }, 'c.json');
  assert.equal(address(connection, 'shell'), 'tcp://127.0.0.1:1001');
  assert.equal(address(connection, 'hb'), 'tcp://127.0.0.1:1005');
  const ipc = checkConnection({ ...FIELDS, transport: 'ipc', ip: '/tmp/k', iopub_port: 3 }, 'c.json');
  assert.equal(address(ipc, 'iopub'), 'ipc:///tmp/k-3');
  assert.equal(address({ ...connection, ip: '::1' }, 'shell'), 'tcp://[::1]:1001');
});

test('each missing field is named', () => {
  for (const field of Object.keys(FIELDS)) {
    const rest: Record<string, unknown> = { ...FIELDS };
    delete rest[field];
    assert.throws(() => checkConnection(rest, 'c.json'), new RegExp(`c.json: ${field} must be .*, got nothing`));
  }
});

test('each odd field is named, with what came', () => {
  refused({ transport: 'udp' }, /transport must be "tcp" or "ipc", got "udp"/);
  refused({ ip: '' }, /ip must be a host/);
  refused({ shell_port: '1001' }, /shell_port must be a whole number from 1 to 65535, got "1001"/);
  refused({ hb_port: 0 }, /hb_port .*got 0/);
  refused({ iopub_port: 70_000 }, /iopub_port .*got 70000/);
  refused({ stdin_port: 1.5 }, /stdin_port/);
  refused({ key: null }, /key must be a string, got null/);
  refused({ signature_scheme: 'hmac-md5' }, /signature_scheme must be "hmac-sha256", got "hmac-md5"/);
  refused({ curve_publickey: 'short', curve_secretkey: 'x'.repeat(40) }, /curve_publickey must be 40 characters/);
  refused({ curve_publickey: 'x'.repeat(40) }, /curve_secretkey must be a string, got nothing/);
});

test('an empty key needs no scheme', () => {
  assert.equal(checkConnection({ ...FIELDS, key: '', signature_scheme: '' }, 'c.json').key, '');
});

test('a file that is absent, no JSON or no object is refused in one line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tc-'));
  for (const [text, pattern] of [
    ['{', /not JSON/],
    ['[]', /must hold an object/],
    ['null', /must hold an object/],
  ] as const) {
    const path = join(folder, 'c.json');
    writeFileSync(path, text);
    assert.throws(() => readConnection(path), pattern);
  }
  assert.throws(() => readConnection(join(folder, 'none.json')), /none\.json: ENOENT/);
});
