import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NativeLog } from '../../src/session/native-log.ts';
import { RecentLog } from '../../src/session/recent-log.ts';
import { TestSession } from './harness.ts';

const NOISE = [
  '2026-01-01 00:00:00.000000: I tensorflow/core/platform/cpu_feature_guard.cc:182] This TensorFlow binary is optimized',
  'To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow.',
  '2026-01-01 00:00:00.000000: E external/local_xla/xla/stream_executor/cuda/cuda_dnn.cc:9261] Unable to register',
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
  'I0000 00:00:1764000000.000000  1234 file.cc:12] one',
  'W0000 00:00:1764000000.000000  1234 gpu_device.cc:2344] two',
  'E1124 10:00:00.123456 1234 cuda_executor.cc:7] three',
  'F0000 00:00:1764000000.000000       1 x.cc:1] four',
];
const OWN = [
  'I am here',
  'I0000 is a number',
  '2026-01-01 00:00:00.000000: I said so: 12] yes',
  '2026-01-01: nothing new',
  'WARNING: All log messages are mine',
  'before I0000 00:00:1764000000.000000  1234 file.cc:12] after',
  'Warning: tensorflow/core/x.cc:12]',
  '',
  'D0000 00:00:1764000000.000000  1234 file.cc:12] no such level',
];

function parted(text: string, size: number): { shown: string; noise: string[] } {
  let shown = '';
  const noise: string[] = [];
  const log = new NativeLog({
    show: (more) => {
      shown += more;
    },
    noise: (line) => noise.push(line),
  });
  for (let at = 0; at < text.length; at += size) log.push(text.slice(at, at + size));
  log.end();
  return { shown, noise };
}

test('lines that native libraries log are parted from all others, however the text is cut', () => {
  const mixed = Array.from({ length: OWN.length }, (_, i) => [OWN[i]!, ...(i < NOISE.length ? [NOISE[i]!] : [])]);
  const text = `${mixed.flat().join('\n')}\n`;
  for (const size of [1, 2, 3, 7, 50, 10_000])
    assert.deepEqual(parted(text, size), { shown: `${OWN.join('\n')}\n`, noise: NOISE }, `in pieces of ${size}`);
});

test('an incomplete line waits only while it may be noise, and comes out at a border', () => {
  const seen: string[] = [];
  const log = new NativeLog({ show: (text) => seen.push(text), noise: (line) => seen.push(`noise ${line}`) });
  log.push('In');
  assert.deepEqual(seen.splice(0), ['In']);
  log.push('1 I0000 00:00:1.0 1 a.cc:1] x\nI00');
  assert.deepEqual(seen.splice(0), ['1 I0000 00:00:1.0 1 a.cc:1] x\n']);
  log.flush();
  assert.deepEqual(seen.splice(0), ['I00']);
  log.push('I0000 00:00:1.0 1 a.cc:1] be');
  log.flush();
  log.push('gun\nrest');
  assert.deepEqual(seen.splice(0), ['noise I0000 00:00:1.0 1 a.cc:1] begun', 'rest']);
  log.push('\nI0000 00:00:1.0 1 a.cc:1] last words');
  log.end();
  assert.deepEqual(seen, ['\n', 'noise I0000 00:00:1.0 1 a.cc:1] last words']);
});

test('a line of noise that never ends takes bounded memory', () => {
  const { shown, noise } = parted(`I0000 00:00:1.0 1 a.cc:1] ${'x'.repeat(100_000)}\nafter\n`, 1000);
  assert.equal(shown, 'after\n');
  assert.equal(noise.length, 1);
  assert.equal(noise[0]!.length, 4000);
});

test('the recent log keeps the last 500 lines and says how many it does not', () => {
  const recent = new RecentLog();
  assert.equal(recent.text(), 'The log is empty.\n');
  for (let i = 1; i <= 502; i++) recent.add(`line ${i}`);
  const lines = recent.text().trimEnd().split('\n');
  assert.equal(lines.length, 501);
  assert.deepEqual(lines.slice(0, 2), ['(2 earlier lines are not kept)', 'line 3']);
});

const session = new TestSession();
/** A cell that writes to a descriptor past JavaScript's streams, as a native library does. */
const write = (fd: 1 | 2, text: string) =>
  `{ const fs = await import('node:fs'); fs.writeSync(${fd}, ${JSON.stringify(text)}); }`;

test('native noise of a cell goes to the log, which %log shows; other native writes stay in the cell', async () => {
  assert.equal((await session.run('%log')).stdout, 'The log is empty.\n');
  const ran = await session.run(`${write(2, `mine\n${NOISE.join('\n')}\nI`)}\n${write(1, `${NOISE[4]}\nalso mine`)}`);
  assert.equal(ran.stderr, 'mine\nI');
  assert.equal(ran.stdout, 'also mine');
  assert.deepEqual(session.log.toSorted(), [...NOISE, NOISE[4]].toSorted());
  const shown = await session.run('console.log("before")\n%log\nconsole.log("after")');
  assert.equal(shown.stdout, `before\n${session.log.join('\n')}\nafter\n`);
});

test('%log shows noise that its own cell has just written, and outlives a restart', async () => {
  const line = 'W0000 00:00:1764000000.000000  1234 fresh.cc:1] fresh';
  const ran = await session.run(`${write(2, `${line}\n`)}\n%log`);
  assert.equal(ran.stderr, '');
  assert.ok(ran.stdout.endsWith(`${line}\n`), ran.stdout);
  await session.run('%restart');
  assert.ok((await session.run('%log')).stdout.includes(line));
});

test('what a child process writes to the descriptors it inherits is shown', async () => {
  const ran = await session.run(
    `{ const { execSync } = await import('node:child_process'); execSync('echo child; echo W >&2', { stdio: 'inherit' }); }`,
  );
  assert.equal(ran.stdout, 'child\n');
  assert.equal(ran.stderr, 'W\n');
});
