// TensorFlow in Python, whom the engine is measured against: the same library, called from there. In an environment of its own, made at the
// first run (300 MB to download).
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { makeEnvironment } from '../src/setup/environment.ts';
import { TENSORFLOW_VERSION } from '../src/setup/wheels.ts';
import type { Figures } from './measures.ts';

const recipe = { name: 'bench', requirements: [`tensorflow-cpu==${TENSORFLOW_VERSION}`] };

/** A Python that has TensorFlow; undefined, with the reason on stderr, where none can be had. */
export async function pythonTensorflow(): Promise<string | undefined> {
  try {
    return await makeEnvironment(recipe, (stage, megabytes) =>
      process.stderr.write(`\r${stage} ${megabytes.toFixed(0)} MB `),
    );
  } catch (error) {
    console.error(`no TensorFlow in Python to compare with: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** Times as `engine.ts` takes them: the best mean of rounds, in ms. */
const program = (sizes: readonly number[]) => `
import json, os, time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf
def best(count, call, rounds):
    call()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(count):
            call()
        times.append((time.perf_counter() - begun) / count * 1000)
    return min(times)
one = tf.ones([1])
figures = {"add": best(300, lambda: tf.add(one, one), 100)}
for n in ${JSON.stringify(sizes)}:
    a, b = tf.random.uniform([n, n]), tf.random.uniform([n, n])
    figures[str(n)] = best(1, lambda: tf.matmul(a, b), 15)
print(json.dumps(figures))`;

/** ms of a one-element `add` and, by their size, of square products. */
export async function timesOfPython(python: string, sizes: readonly number[]): Promise<Figures> {
  const { stdout } = await promisify(execFile)(python, ['-c', program(sizes)]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Figures;
}
