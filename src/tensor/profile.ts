// Measures what code does on the device: time by op and by layer, forward and backward. Takes the kernels' places while the code runs.
import type { KernelConfig, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { load } from './load.ts';
import { core, layers } from './packages.ts';
import { setProfiling } from './profiling.ts';
import { onReset } from './scopes.ts';
import { openContext } from './tensorflow/context.ts';
import { override } from './trace/override.ts';

/** Calls and ms of an op or a layer. */
export interface ProfileRow {
  readonly name: string;
  calls: number;
  /** In what computes values. */
  forward: number;
  /** In what computes gradients. */
  backward: number;
}

export interface Profile {
  readonly backend: string;
  /** From beginning to end, ms. */
  readonly wall: number;
  /** Largest first. */
  readonly ops: readonly ProfileRow[];
  /** In the order of their first calls; then what is no layer's: `the optimizer`, `outside of layers`. */
  readonly layers: readonly ProfileRow[];
}

/** Who computes now. */
interface Place {
  readonly layer: string;
  readonly isBackward: boolean;
}

const outside: Place = { layer: 'outside of layers', isBackward: false };
const optimizing: Place = { layer: 'the optimizer', isBackward: false };

let undo: (() => void) | undefined;

// An interrupt runs no `finally`.
onReset(() => undo?.());

/**
 * Runs code and measures the kernels that it calls; asynchronous code to its end, with whatever else computes meanwhile. Compiled
 * functions run op by op.
 * @throws what the code throws; Error when a profile is under way
 */
export async function profile<T>(run: () => T | Promise<T>): Promise<{ readonly value: T; readonly profile: Profile }> {
  if (undo) throw new Error('profile: one is under way already');
  load();
  const measuring = new Measuring();
  const begun = performance.now();
  undo = measuring.begin();
  try {
    const value = await run();
    return { value, profile: measuring.result(performance.now() - begun) };
  } finally {
    undo?.();
  }
}

class Measuring {
  readonly #backend = core.getBackend();
  /** The wait calls kernels itself. */
  #isWaiting = false;
  readonly #wait = isAsynchronous(this.#backend) ? waitFor : () => {};
  readonly #ops = new Map<string, ProfileRow>();
  readonly #layers = new Map<string, ProfileRow>();
  #place = outside;
  /** ms in kernels that the present one has called. */
  #inner = 0;

  begin(): () => void {
    setProfiling(true);
    const undos = [this.#watchKernels(), this.#watchLayers(), this.#watchGradients(), this.#watchOptimizers()];
    return () => {
      undo = undefined;
      setProfiling(false);
      for (const each of undos) each();
    };
  }

  result(wall: number): Profile {
    const time = ({ forward, backward }: ProfileRow) => forward + backward;
    const all = [...this.#layers.values()];
    const last = [optimizing.layer, outside.layer];
    return {
      backend: this.#backend,
      wall,
      ops: [...this.#ops.values()].sort((a, b) => time(b) - time(a)),
      layers: [
        ...all.filter(({ name }) => !last.includes(name)),
        ...last.flatMap((name) => all.filter((row) => row.name === name)),
      ],
    };
  }

  #watchKernels(): () => void {
    const undos = core.getKernelsForBackend(this.#backend).map((config) => {
      const kernelFunc = this.#timed(config);
      return override(config as { kernelFunc: KernelFunc }, { kernelFunc });
    });
    return () => {
      for (const each of undos) each();
    };
  }

  /** Counts a kernel's own time, without that of the kernels that it calls. */
  #timed({ kernelName, kernelFunc }: KernelConfig): KernelFunc {
    return (params) => {
      if (this.#isWaiting) return kernelFunc(params);
      const outer = this.#inner;
      this.#inner = 0;
      const begun = performance.now();
      let whole = 0;
      try {
        const output = kernelFunc(params);
        this.#isWaiting = true;
        this.#wait([output].flat()[0]);
        return output;
      } finally {
        this.#isWaiting = false;
        whole = performance.now() - begun;
        this.#add(kernelName, whole - this.#inner);
        this.#inner = outer + whole;
      }
    };
  }

  #add(kernelName: string, ms: number): void {
    const { layer, isBackward } = this.#place;
    for (const row of [rowOf(this.#ops, kernelName), rowOf(this.#layers, layer)])
      if (isBackward) row.backward += ms;
      else row.forward += ms;
    rowOf(this.#ops, kernelName).calls++;
  }

  #within<T>(place: Place, run: () => T): T {
    const outer = this.#place;
    this.#place = place;
    try {
      return run();
    } finally {
      this.#place = outer;
    }
  }

  /** The outermost layer that is no model counts: a wrapper or a recurrent layer, not the cell within. */
  #watchLayers(): () => void {
    const { prototype } = layers.layers.Layer as unknown as { prototype: { apply: (...given: unknown[]) => unknown } };
    const { apply } = prototype;
    const within = (place: Place, run: () => unknown) => this.#within(place, run);
    const here = () => this.#place;
    const rows = this.#layers;
    return override(prototype, {
      apply(this: { name: string; layers?: unknown; getClassName(): string }, ...given: unknown[]) {
        if (this.layers || here() !== outside) return apply.apply(this, given);
        const layer = `${this.name} (${this.getClassName()})`;
        rowOf(rows, layer).calls++;
        return within({ layer, isBackward: false }, () => apply.apply(this, given));
      },
    });
  }

  /** What a layer has put on the tape is that layer's when its gradient is computed. */
  #watchGradients(): () => void {
    const engine = core.engine() as unknown as {
      addTapeNode(...given: unknown[]): void;
      readonly state: { readonly activeTape: { gradient?: (dys: Tensor[]) => Record<string, () => Tensor> }[] };
    };
    const { addTapeNode } = engine;
    return override(engine as { addTapeNode: unknown }, {
      addTapeNode: (...given: unknown[]) => {
        addTapeNode.apply(engine, given);
        const node = engine.state.activeTape.at(-1)!;
        const { gradient } = node;
        const place = { layer: this.#place.layer, isBackward: true };
        if (!gradient) return;
        node.gradient = (dys) => {
          const byInput = this.#within(place, () => gradient(dys));
          // tfjs computes each when it comes to it.
          const later = Object.entries(byInput).map(([name, run]) => [name, () => this.#within(place, run)]);
          return Object.fromEntries(later);
        };
      },
    });
  }

  #watchOptimizers(): () => void {
    const { prototype } = core.Optimizer as unknown as { prototype: { minimize: (...given: unknown[]) => unknown } };
    const { minimize } = prototype;
    const within = (run: () => unknown) => this.#within(optimizing, run);
    return override(prototype, {
      minimize(this: { applyGradients(given: unknown): void }, ...given: unknown[]) {
        const { applyGradients } = this;
        const back = override(this, {
          applyGradients: (gradients) => within(() => applyGradients.call(this, gradients)),
        });
        try {
          return minimize.apply(this, given);
        } finally {
          back();
        }
      },
    });
  }
}

function rowOf(rows: Map<string, ProfileRow>, name: string): ProfileRow {
  let row = rows.get(name);
  if (!row) {
    row = { name, calls: 0, forward: 0, backward: 0 };
    rows.set(name, row);
  }
  return row;
}

/** Whether a kernel returns before the device has computed. */
function isAsynchronous(backend: string): boolean {
  if (backend === 'webgpu') return true;
  return backend === 'tensorflow' && openContext().devices.some(({ name }) => name.includes('GPU'));
}

/** Reads one value of an output, which is there when all before it is. */
function waitFor(output: TensorInfo | undefined): void {
  if (!output || output.shape.includes(0) || !['float32', 'int32', 'bool'].includes(output.dtype)) return;
  const backend = core.backend();
  const slice = core.getKernel('Slice', core.getBackend()).kernelFunc;
  const attrs = { begin: output.shape.map(() => 0), size: output.shape.map(() => 1) };
  const one = slice({ inputs: { x: output }, attrs, backend }) as TensorInfo;
  backend.readSync(one.dataId);
  backend.disposeData(one.dataId);
}
