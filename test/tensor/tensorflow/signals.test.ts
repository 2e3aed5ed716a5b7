// Signals beside the library: they arrive, they corrupt nothing, and children are not born deaf to them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { findLibrary } from '../../../src/tensor/libtensorflow.ts';

const module = new URL('../../../src/tensor/load.js', import.meta.url).href;

/** Runs a program that has `tf` on the library. */
function run(code: string) {
  const program = `import { load } from ${JSON.stringify(module)}; const tf = load(); ${code}`;
  const env = { ...process.env, TENSORCELL_BACKEND: 'tensorflow' };
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env });
}

const skip = findLibrary().folder === undefined ? 'no library of TensorFlow' : process.platform === 'win32';

describe('signals beside the library of TensorFlow', { skip }, () => {
  it('come through by the thousand in the midst of matrix products, which go on', () => {
    const { stdout, stderr, status, signal } = run(`
      import { spawn } from 'node:child_process';
      let seen = 0;
      process.on('SIGUSR2', () => seen++);
      const send = 'const pause = new Int32Array(new SharedArrayBuffer(4));' +
        'for (;;) { process.kill(process.ppid, "SIGUSR2"); Atomics.wait(pause, 0, 0, 0.2); }';
      const sender = spawn(process.execPath, ['-e', send]);
      const a = tf.randomUniform([32, 784]);
      const b = tf.randomUniform([784, 128]);
      while (seen < 3000) {
        for (let i = 0; i < 20; i++) tf.matMul(a, b).dispose();
        await new Promise((resolve) => setImmediate(resolve));
      }
      sender.kill();
      console.log('done');
      process.exit(0);
    `);
    assert.deepEqual([stdout, status, signal], ['done\n', 0, null], stderr);
  });

  it('are not held back in a child process', { skip: process.platform !== 'linux' && 'ELF is Linux’s' }, () => {
    const { stdout } = run(`
      import { execFileSync } from 'node:child_process';
      process.stdout.write(execFileSync('grep', ['SigBlk', '/proc/self/status']));
      process.exit(0);
    `);
    assert.match(stdout, /^SigBlk:\s*0+\n$/);
  });
});
