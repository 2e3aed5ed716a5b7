// What a cell imports as 'tensorcell': how to show things, and how to compile steps. Cheap to import: charts and pictures load what they need when drawn.
export type { Display, MimeBundle } from './display/bundle.ts';
export type { Drawable } from './display/custom.ts';
export { clearOutput, type DisplayHandle, type DisplayOptions, display } from './display/display.ts';
export type { ImageOptions } from './display/image.ts';
export { html, latex, type Markup, type MarkupTag, md, svg } from './display/markup.ts';
export { image, json } from './display/media.ts';
export { type ProgressOptions, progress } from './display/progress.ts';
export { type DataTable, type TableOptions, table } from './display/table.ts';
export {
  type CalibrationBin,
  type CalibrationChart,
  type CalibrationOptions,
  calibration,
} from './plot/calibration.ts';
export { type Chart, type ChartOptions, vegaLite } from './plot/chart.ts';
export type { Comparison, ComparisonOptions } from './plot/comparison.ts';
export { type ConfusionMatrix, type ConfusionOptions, confusionMatrix } from './plot/confusion.ts';
export { type EmbeddingChart, type EmbeddingOptions, embedding } from './plot/embedding.ts';
export { type ImagesOptions, images } from './plot/images.ts';
export { type CellEncoding, type Encoding, type HistogramEncoding, type Plot, plot } from './plot/plot.ts';
export { type ResidualChart, type ResidualOptions, residuals } from './plot/residuals.ts';
export type { Column, Table } from './plot/rows.ts';
export type { Run } from './plot/run.ts';
export { runs } from './plot/runs.ts';
export type { Matrix } from './plot/scores.ts';
export {
  type CurveOptions,
  precisionRecall,
  type RecallChart,
  type RocChart,
  rocCurve,
} from './plot/threshold-curves.ts';
export type { TrackedValue, TrackedValues, Tracker, TrackOptions } from './plot/track.ts';
export { type WorstExamples, type WorstOptions, worstExamples } from './plot/worst.ts';
export { type Comm, type CommHandler, type CommOptions, type CommReceived, comm } from './session/comms.ts';
export { training } from './tensor/control.ts';
export { jit } from './tensor/jit/jit.ts';
export type { JitOptions, JitStats } from './tensor/jit/types.ts';
export type { ModelShowOptions } from './tensor/model-show.ts';
export type { ShowOptions, TensorStatistics } from './tensor/show.ts';
