import type { Magic } from '../session/parts.ts';
import { listing } from './listing.ts';

const columns = ['backend', 'state', 'device', 'memory', 'why'].map((title) => ({ title }));

/** Shows the backends, or computes on another from here on. */
export const backend: Magic = {
  name: 'backend',
  usage: '%backend [name]',
  summary:
    'Shows what computes tensors, or switches: tensorflow, cuda:1, webgpu, wasm, cpu. Tensors that are there move when used.',
  completes: ['tensorflow', 'cuda', 'webgpu', 'wasm', 'cpu'],
  async run({ args }, { tensors }) {
    const wanted = args.trim();
    if (/\s/.test(wanted)) throw new SyntaxError(`%backend takes one name, got "${wanted}"`);
    if (wanted !== '') await tensors.use(wanted);
    const states = await tensors.backends();
    const rows = states.map(({ name, state, device, memory, why }) => [name, state, device ?? '–', memory ?? '–', why]);
    return listing([{ columns, rows }]);
  },
};
