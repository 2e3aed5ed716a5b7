// One graph in two forms, its ops one by one or compiled by XLA, and the choice between them: the graph form runs at once, XLA compiles on
// another thread meanwhile, and takes over only where it has been measured to be faster.
import { performance } from 'node:perf_hooks';
import { isDeterministic } from '../determinism.ts';
import { type Context, hasGpu } from '../tensorflow/context.ts';
import { type Aside, type Form, GraphFunction } from '../tensorflow/function.ts';
import type { GraphOps, GraphValue } from '../tensorflow/graph.ts';
import type { Pointer } from '../tensorflow/prototypes.ts';

/** Operations with which XLA has ended the process (resizing pictures in a loop, TensorFlow 2.21). */
const fatal = ['ResizeNearestNeighbor', 'ResizeNearestNeighborGrad', 'ResizeBilinear', 'ResizeBilinearGrad'];

/** Operations for which XLA takes 13 times as long as TensorFlow on a processor. */
const slow = ['Conv2DBackpropFilter', 'Conv2DBackpropInput'];

/** Larger graphs are not given to XLA: it compiles an unrolled LSTM of 4,744 operations for 30 s, to run slower. */
const mostOperations = 1000;
/** Calls of a form that are timed; the first of each is left out, it makes ready. The shortest counts. */
const trials = 4;
/** ms that the graph form has run before XLA begins: compiling takes 300 ms and more of a core, too much for what is over soon. */
const worth = 150;
/** ms of the graph form that are still to come, where that is known, for which it begins at once. */
const worthAhead = 600;
/** ms of the graph form after which XLA is tried once more where it has lost: the machine may have been busy. Doubled each time. */
const again = 1000;
/** XLA that takes so many times the graph form's time has lost with its first call, and for good: convolutions take 13 times. */
const hopeless = 4;
/** XLA keeps what it compiles (0.9 MB each) until the process ends: at most this many in a session. */
const mostCompiled = 200;

let compiled = 0;

export interface FormsReport {
  readonly form: Form;
  /** Milliseconds that XLA took to compile; 0 while it has not. */
  readonly compileMs: number;
  /** The shortest calls of each form, ms. */
  readonly times: { readonly graph: number; readonly xla: number };
  /** Why there is no XLA form. */
  readonly whyNot: string | undefined;
}

export class Forms {
  readonly #context: Context;
  readonly #graph: GraphFunction;
  #xla: GraphFunction | undefined;
  #whyNot: string | undefined;
  #calls = { graph: 0, xla: 0 };
  #times = { graph: Infinity, xla: Infinity };
  #spent = 0;
  #warming: { readonly aside: Aside; readonly begun: number } | undefined;
  #compileMs = 0;
  #ready = false;
  #chosen: Form | undefined;
  /** Calls by XLA that are timed before the choice. */
  #wanted = trials;
  /** ms of the graph form at which the choice is made again. */
  #again = Infinity;

  /** The graph may be disposed of afterwards. @throws Error with TensorFlow's message. */
  constructor(
    context: Context,
    ops: GraphOps,
    inputs: readonly GraphValue[],
    outputs: readonly GraphValue[],
    { xla, recorded }: { readonly xla: boolean; readonly recorded: Pick<GraphOps, 'count' | 'used'> },
  ) {
    this.#context = context;
    this.#graph = new GraphFunction(context, ops, inputs, outputs);
    const unsafe = fatal.find((op) => recorded.used.has(op));
    const tooSlow = hasGpu(context) ? undefined : slow.find((op) => recorded.used.has(op));
    if (!xla) this.#whyNot = 'XLA was not asked for';
    else if (recorded.count > mostOperations)
      this.#whyNot = `it has ${recorded.count} operations, XLA gets at most ${mostOperations}`;
    else if (tooSlow) this.#whyNot = `XLA is slow with ${tooSlow} on a processor`;
    else if (unsafe) this.#whyNot = `XLA is not safe with ${unsafe}`;
    else if (compiled >= mostCompiled)
      this.#whyNot = `XLA has compiled ${compiled} functions in this session, which it never frees`;
    else this.#xla = new GraphFunction(context, ops, inputs, outputs, 'xla');
  }

  /**
   * Handles of the outputs, which the caller owns. `steps` is the work in this call, by which times are compared; `ahead` the work that is
   * known to come after it.
   */
  call(inputs: readonly Pointer[], steps = 1, ahead = 0): BigUint64Array {
    const form = this.#next(inputs, ahead);
    const begun = performance.now();
    try {
      const outputs = this.#function(form).call(inputs);
      this.#timed(form, performance.now() - begun, steps);
      return outputs;
    } catch (error) {
      if (form === 'graph') throw error;
      this.#giveUp(error);
      return this.call(inputs, steps, ahead);
    }
  }

  /** The same on another thread. */
  async callAside(inputs: readonly Pointer[], steps = 1, ahead = 0): Promise<BigUint64Array> {
    const form = this.#next(inputs, ahead);
    const begun = performance.now();
    const call = this.#function(form).callAside(inputs);
    try {
      const outputs = await call.done;
      this.#timed(form, performance.now() - begun, steps);
      return outputs;
    } catch (error) {
      if (form === 'graph') throw error;
      this.#giveUp(error);
      return this.callAside(inputs, steps, ahead);
    }
  }

  report(): FormsReport {
    return {
      form: isDeterministic() ? 'graph' : (this.#chosen ?? 'graph'),
      compileMs: this.#compileMs,
      times: { ...this.#times },
      whyNot: isDeterministic() ? 'tf.enableDeterminism() keeps to the graph' : this.#whyNot,
    };
  }

  [Symbol.dispose](): void {
    this.#graph[Symbol.dispose]();
    // What is still compiling is needed until that is over.
    const xla = this.#xla;
    if (!xla) return;
    if (this.#warming && !this.#ready) void this.#warming.aside.done.catch(() => {}).then(() => xla[Symbol.dispose]());
    else xla[Symbol.dispose]();
  }

  #function(form: Form): GraphFunction {
    return form === 'xla' ? this.#xla! : this.#graph;
  }

  /** The form of the next call; begins to compile when the graph form has been timed. */
  #next(inputs: readonly Pointer[], ahead: number): Form {
    if (isDeterministic() || !this.#xla) return 'graph';
    if (this.#chosen && !this.#isDoubtful()) return this.#chosen;
    // Infinity until a second call was timed.
    const begins = this.#spent >= worth || (this.#calls.graph > 1 && ahead * this.#times.graph >= worthAhead);
    if (!this.#warming && begins) this.#warm(this.#xla, inputs);
    if (!this.#warming || this.#calls.graph < trials) return 'graph';
    this.#ready ||= this.#warming.aside.isDone();
    if (!this.#ready) return 'graph';
    if (this.#compileMs === 0) this.#compileMs = performance.now() - this.#warming.begun;
    if (this.#calls.xla < this.#wanted) return 'xla';
    this.#chosen = this.#times.xla < this.#times.graph ? 'xla' : 'graph';
    this.#again = this.#spent + again * 2 ** (this.#wanted / trials - 1);
    this.#wanted += trials;
    return this.#chosen;
  }

  #isDoubtful(): boolean {
    return this.#chosen === 'graph' && this.#ready && this.#spent >= this.#again;
  }

  /** One call whose results nobody needs: the function changes nothing. */
  #warm(xla: GraphFunction, inputs: readonly Pointer[]): void {
    const { api } = this.#context.library;
    compiled++;
    const aside = xla.callAside(inputs);
    this.#warming = { aside, begun: performance.now() };
    aside.done.then(
      (outputs) => {
        for (const handle of outputs) if (handle !== 0n) api.TFE_DeleteTensorHandle(handle);
      },
      (error) => this.#giveUp(error),
    );
  }

  #timed(form: Form, ms: number, steps: number): void {
    if (form === 'graph') this.#spent += ms;
    const isFirst = this.#calls[form]++ === 0;
    if (form === 'xla' && !this.#chosen && ms / steps > hopeless * this.#times.graph) {
      this.#times.xla = ms / steps;
      this.#chosen = 'graph';
    } else if (!isFirst) this.#times[form] = Math.min(this.#times[form], ms / steps);
  }

  #giveUp(error: unknown): void {
    this.#whyNot = `XLA can't compile it: ${error instanceof Error ? error.message : String(error)}`;
    this.#chosen = 'graph';
    this.#again = Infinity;
  }
}
