// Whether the webgpu backend runs here, on which adapter, and why not.
import { keptWebgpu } from '../../home.ts';
import type { Availability } from '../backends.ts';
import { openDawn, openedDawn } from './dawn.ts';

/** Looks for the packages; the adapter is known after `prepareWebgpu`. */
export function checkWebgpu(): Availability {
  if (!keptWebgpu()) return { available: false, reason: 'no packages for it; tensorcell setup --webgpu gets them' };
  const adapter = openedDawn()?.adapter.info;
  if (!adapter) return { available: true, device: 'an adapter, not looked for yet' };
  return { available: true, device: `${nameOf(adapter)}${adapter.isFallbackAdapter ? ', a software adapter' : ''}` };
}

const nameOf = ({ description, vendor, architecture }: ReturnType<typeof openDawn>['adapter']['info']): string =>
  description || [vendor, architecture].filter(Boolean).join(' ');

/** WebGPU does not tell how much memory an adapter has, only how much one tensor may have. */
export function webgpuMemory(): string {
  const limits = openedDawn()?.adapter.limits;
  if (!limits) return 'unknown';
  const most = Math.min(limits.maxBufferSize!, limits.maxStorageBufferBindingSize!);
  return `${(most / 2 ** 30).toFixed(1)} GB at most for one tensor`;
}

let chosenByName = false;

/**
 * Loads Dawn and looks for an adapter. @throws Error when there is none, or only one that computes on the processor and the backend was
 * never asked for by name.
 */
export function prepareWebgpu(chosen = false): void {
  chosenByName ||= chosen;
  const { info } = openDawn().adapter;
  if (info.isFallbackAdapter && !chosenByName)
    throw new Error(
      `its only adapter, ${nameOf(info)}, computes on the processor; %backend webgpu takes it all the same`,
    );
}
