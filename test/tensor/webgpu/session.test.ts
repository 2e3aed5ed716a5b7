// The WebGPU backend in a session: chosen, read at once, switched, interrupted, ended.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorOf, TestSession } from '../../session/harness.ts';
import { useVulkan } from './vulkan.ts';

const skip = useVulkan();

describe('webgpu in a session', { skip }, () => {
  const session = new TestSession();
  const value = async (code: string): Promise<string | undefined> => {
    const ran = await session.run(code);
    assert.equal(errorOf(ran), undefined);
    return ran.value;
  };

  it('is not taken by itself where its only adapter computes on the processor', async () => {
    assert.notEqual(await value('tf.getBackend()'), "'webgpu'");
  });

  it('is switched to, tells of its adapter, and computes what is read at once', async () => {
    assert.match(
      (await value('%backend webgpu'))!,
      /webgpu +in use +SwiftShader.*, a software adapter +[\d.]+ GB at most for one tensor/,
    );
    assert.equal(await value('tf.range(0, 100).square().sum().dataSync()[0]'), '328350');
    assert.equal(await value('(await tf.ones([64, 64]).matMul(tf.ones([64, 64])).data())[0]'), '64');
  });

  it('uses tensors that were made before a switch, complex ones and strings included', async () => {
    await session.run(
      `const x = tf.range(0, 4); const z = tf.complex([1, 2], [3, 4]); const s = tf.tensor(['a', 'b']);`,
    );
    for (const backend of ['wasm', 'webgpu']) {
      await session.run(`%backend ${backend}`);
      assert.equal(
        await value('[...x.square().dataSync(), ...tf.imag(z).dataSync(), ...s.dataSync()].join()'),
        "'0,1,4,9,3,4,a,b'",
      );
    }
  });

  it('trains a model', async () => {
    const last = await value(`
      const model = tf.sequential({ layers: [
        tf.layers.dense({ inputShape: [4], units: 8, activation: 'relu' }), tf.layers.dropout({ rate: 0.1 }), tf.layers.dense({ units: 1 }) ] });
      model.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' });
      const inputs = tf.randomUniform([64, 4]); const { history } = await model.fit(inputs, inputs.sum(1, true), { epochs: 10, verbose: 0 });
      history.loss.at(-1) < history.loss[0] / 4`);
    assert.equal(last, 'true');
  });

  it('draws the numbers that other backends draw', async () => {
    await session.run(`tf.setSeed(7); const here = tf.randomUniform([5]).dataSync().join();`);
    await session.run('%backend wasm');
    assert.equal(await value('tf.setSeed(7); tf.randomUniform([5]).dataSync().join() === here'), 'true');
    await session.run('%backend webgpu');
  });

  it('is interrupted anywhere, within Dawn and while it waits, and computes on, nothing lost', async () => {
    await session.run('const held = tf.ones([64, 64]);');
    const loops = ['held.matMul(held).sum().dataSync()', 'held.add(1).dispose()', 'await held.mul(2).sum().data()'];
    for (let i = 0; i < 24; i++) {
      const cell = session.next;
      const running = session.run(`console.log('in'); for (;;) ${loops[i % loops.length]};`);
      await session.printed(cell, 'in');
      await new Promise((resolve) => setTimeout(resolve, (i * 37) % 100));
      session.client.interrupt();
      assert.equal(errorOf(await running)?.split(':')[0], 'KeyboardInterrupt');
      assert.equal(await value('held.sum().dataSync()[0] + (await held.add(1).sum().data())[0]'), '12288');
      assert.equal(await value('setImmediate.name'), "'setImmediate'");
    }
  });

  it('counts the bytes of its tensors, and gives them back', async () => {
    // Besides, uniforms of a few bytes.
    const megabytes = 'Math.floor(tf.memory().numBytesInGPU / 2 ** 20)';
    const before = Number(await value(megabytes));
    assert.equal(await value(`const large = tf.fill([2 ** 20], 1); ${megabytes}`), String(before + 4));
    assert.equal(await value(`large.dispose(); tf.ones([2]).square().dataSync(); ${megabytes}`), String(before));
  });

  it('refuses a tensor that the adapter has no room for, and goes on', async () => {
    const { result } = await session.run('tf.fill([2 ** 15, 2 ** 15], 1)');
    assert.match(
      result.status === 'error' ? result.error.message : '',
      /webgpu: a tensor must have at most \d+ MiB on this device, got 4096 MiB/,
    );
    assert.equal(await value('tf.ones([3]).sum().dataSync()[0]'), '3');
  });

  it('tells of a fault of the device where values are read', async () => {
    await session.run(`const bad = tf.backend().device.createShaderModule({ code: 'no shader' });`);
    assert.match(
      errorOf(await session.run('tf.ones([4]).square().dataSync()')) ?? '',
      /^Error: webgpu: Error while parsing WGSL/,
    );
    assert.equal(await value('tf.ones([4]).square().dataSync().join()'), "'1,1,1,1'");
  });

  it('says once that a kernel is borrowed', async () => {
    const unique = 'tf.unique(tf.tensor1d([1, 1, 2])).values.dataSync().join()';
    const first = await session.run(unique);
    assert.equal(first.value, "'1,2'");
    assert.match(first.stderr, /^tensor: webgpu has no Unique for this: it is computed in plain JavaScript/);
    assert.equal((await session.run(unique)).stderr, '');
  });

  it('is imported by name and by path, and is the session’s own', async () => {
    assert.equal(
      await value(`
        import { WebGPUBackend, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';
        import { computeDispatch } from '@tensorflow/tfjs-backend-webgpu/dist/webgpu_util';
        import { CumProgram } from '@tensorflow/tfjs-backend-webgpu/dist/cum_webgpu';
        [tf.backend() instanceof WebGPUBackend, computeDispatch === webgpu_util.computeDispatch, typeof CumProgram].join()`),
      "'true,true,function'",
    );
  });

  it('says that the device is lost, and goes on with another backend', async () => {
    await session.run('const gone = tf.ones([2000]).square(); tf.backend().device.destroy(); await tf.nextFrame();');
    assert.match(
      errorOf(await session.run('gone.dataSync()')) ?? '',
      /^Error: webgpu: the device is lost, and the tensors on it: .*; %restart gets a new one, %backend wasm goes on without it$/,
    );
    await session.run('%backend wasm');
    assert.equal(await value('tf.ones([2]).add(1).dataSync().join()'), "'2,2'");
  });
});
