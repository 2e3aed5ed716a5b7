// What `fit` takes beside tfjs's own options, for TypeScript.

declare module '@tensorflow/tfjs-layers/dist/engine/training_tensors.js' {
  interface ModelFitArgs {
    /** What the run is called in `runs`, the trainings of the session; default the model's name and a number. */
    name?: string;
    /**
     * Whether the training is compiled. Default: where the backend compiles and the model's layers, losses, metrics and optimizer are
     * tfjs's own. true compiles a person's classes and functions too: what they do in JavaScript is then done once, while it is recorded.
     */
    compile?: boolean;
    /**
     * What the products and convolutions of a compiled training round their inputs to; weights, sums and all else stay float32. Default
     * `'float32'`. `'float16'` scales the loss, and leaves out steps whose gradients are not finite.
     */
    precision?: 'float32' | 'bfloat16' | 'float16';
  }
}

declare module '@tensorflow/tfjs-layers/dist/engine/training_dataset.js' {
  interface ModelFitDatasetArgs<T> {
    /** What the run is called in `runs`, the trainings of the session; default the model's name and a number. */
    name?: string;
    /** Whether each step is compiled; as `fit`'s. */
    compile?: boolean;
    /** What the products and convolutions of a compiled step round their inputs to; as `fit`'s. */
    precision?: 'float32' | 'bfloat16' | 'float16';
  }
}

export {};
