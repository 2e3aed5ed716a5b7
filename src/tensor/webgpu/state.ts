// Whether the webgpu backend runs here, on which adapter, and why not.
import { keptWebgpu } from '../../home.ts';
import type { Availability } from '../backends.ts';
import { openDawn, openedDawn } from './dawn.ts';

/** Looks for the packages; the adapter is known after `prepareWebgpu`. */
export function checkWebgpu(): Availability {
  if (!keptWebgpu()) return { available: false, reason: 'no packages for it; tensorcell setup --webgpu gets them' };
  const adapter = openedDawn()?.adapter.info;
  if (!adapter) return { available: true, device: 'an adapter, not looked for yet' };
  const name = adapter.description || [adapter.vendor, adapter.architecture].filter(Boolean).join(' ');
  return { available: true, device: `${name}${adapter.isFallbackAdapter ? ', a software adapter' : ''}` };
}

/** WebGPU does not tell how much memory an adapter has, only how much one tensor may have. */
export function webgpuMemory(): string {
  const limits = openedDawn()?.adapter.limits;
  if (!limits) return 'unknown';
  const most = Math.min(limits.maxBufferSize!, limits.maxStorageBufferBindingSize!);
  return `${(most / 2 ** 30).toFixed(1)} GB at most for one tensor`;
}

/** Loads Dawn and looks for an adapter. @throws Error when there is none, or only one that computes on the processor and was not asked for. */
export function prepareWebgpu(chosen: boolean): void {
  const { info } = openDawn().adapter;
  if (info.isFallbackAdapter && !chosen)
    throw new Error(
      `its only adapter, ${info.description || info.architecture}, computes on the processor, slower than wasm; %backend webgpu takes it all the same`,
    );
}
