// The rows of the table of formatters for TensorFlow.js's values. What draws is imported at the first drawing.
import { asDisplay } from '../display/bundle.ts';
import { dataProperty } from '../display/peek.ts';
import type { Formatter } from '../display/render.ts';
import { isSymbolic, isTensor, tensorBrief, tensorFacts } from './describe.ts';
import { isLayer, isModel, layerRow, modelFacts } from './models.ts';
import { holdsTensors } from './nested.ts';

export const tensorFormatters: readonly Formatter[] = [
  {
    name: 'tensor',
    matches: isTensor,
    brief: (value) => tensorBrief(value as Parameters<typeof tensorBrief>[0]),
    format: async (value) => {
      const { drawTensor } = await import('../display/tensor.ts');
      const { facts, sample } = await tensorFacts(value as Parameters<typeof tensorFacts>[0]);
      return drawTensor(facts, sample);
    },
  },
  {
    name: 'symbolic tensor',
    matches: isSymbolic,
    format: async (value) => {
      const { shapeText } = await import('../display/tensor-line.ts');
      const { name, shape, dtype } = value as { name: string; shape: (number | null)[]; dtype: string };
      return asDisplay(`SymbolicTensor "${name}" ${dtype} ${shapeText(shape)} · no values: it joins layers`);
    },
  },
  {
    name: 'model',
    matches: isModel,
    brief: (value) => {
      const { type, name, parameters } = modelFacts(value as Parameters<typeof modelFacts>[0]);
      return `${type} "${name}" · ${parameters.toLocaleString('en')} parameters`;
    },
    format: async (value) => {
      const [{ drawModel }, { graphSvg }] = await Promise.all([
        import('../display/model.ts'),
        import('../plot/model-graph.ts'),
      ]);
      const facts = modelFacts(value as Parameters<typeof modelFacts>[0]);
      return drawModel(facts, facts.layers.length > 0 ? graphSvg(facts) : undefined);
    },
  },
  {
    name: 'layer',
    matches: isLayer,
    brief: layerBrief,
    format: (value) => asDisplay(layerBrief(value)),
  },
  {
    name: 'tree of tensors',
    matches: holdsTensors,
    format: async (value) => {
      const [{ drawTree }, { treeOf }] = await Promise.all([import('../display/tree.ts'), import('./tree.ts')]);
      return drawTree(treeOf(value));
    },
  },
  // What `await model.fit(…)` at the end of a cell gives. It holds the model, which is not what one wants to see.
  {
    name: 'history',
    matches: (value) =>
      Array.isArray(dataProperty(value, 'epoch')) && typeof dataProperty(value, 'syncData') === 'function',
    format: async (value) => {
      const { shortNumber } = await import('../display/numbers.ts');
      const { epoch, history } = value as { epoch: number[]; history: Record<string, number[]> };
      const last = Object.entries(history).map(([name, values]) => `${name} ${shortNumber(values.at(-1)!)}`);
      return asDisplay([`History of ${epoch.length} ${epoch.length === 1 ? 'epoch' : 'epochs'}`, ...last].join(' · '));
    },
  },
  {
    name: 'tf',
    matches: (value) =>
      typeof dataProperty(value, 'getBackend') === 'function' && typeof dataProperty(value, 'memory') === 'function',
    format: async (value) => {
      const { byteSize } = await import('../display/numbers.ts');
      const tf = value as {
        getBackend(): string;
        memory(): { numTensors: number; numBytes: number };
        version_core: string;
      };
      const { numTensors, numBytes } = tf.memory();
      return asDisplay(
        `TensorFlow.js ${tf.version_core} · ${tf.getBackend()} · ${numTensors} tensors, ${byteSize(numBytes)}`,
      );
    },
  },
];

function layerBrief(value: unknown): string {
  const { name, type, parameters } = layerRow(value as Parameters<typeof layerRow>[0]);
  return `${type} layer "${name}" · ${parameters.toLocaleString('en')} parameters`;
}
