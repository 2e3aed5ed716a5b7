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
  }
}

declare module '@tensorflow/tfjs-layers/dist/engine/training_dataset.js' {
  interface ModelFitDatasetArgs<T> {
    /** What the run is called in `runs`, the trainings of the session; default the model's name and a number. */
    name?: string;
  }
}

export {};
