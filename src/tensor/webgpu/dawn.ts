// Dawn, Google's WebGPU for programs, from the npm package `webgpu` as `tensorcell setup --webgpu` has laid it out: loaded, with an adapter
// and its device. Everything is synchronous, so that a plain `require` of tfjs can compute. Knows nothing of tensors.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { keptWebgpu } from '../../home.ts';
import { uninterrupted } from '../../session/interrupt/uninterrupted.ts';
import { silently } from '../native.ts';
import { asking, settle } from './events.ts';

/** What of WebGPU's interfaces is used here; tfjs uses more of them. */
export interface GpuBuffer {
  readonly size: number;
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>;
  readonly queue: { onSubmittedWorkDone(): Promise<void> };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: { error: { message: string } }) => void): void;
}

interface GpuAdapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
    /** Computes on the processor, as llvmpipe and SwiftShader do. */
    readonly isFallbackAdapter: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(wanted: object): Promise<GpuDevice>;
}

interface Gpu {
  requestAdapter(options: object): Promise<GpuAdapter | null>;
}

/** WebGPU's classes and constants, such as `GPUBufferUsage`: a browser's globals, here only handed to tfjs. */
type Classes = Readonly<Record<string, { readonly prototype?: object }>>;

/** An adapter and what there is to say of it. */
export interface Dawn {
  readonly gpu: Gpu;
  readonly classes: Classes;
  readonly adapter: GpuAdapter;
}

/** Methods by which Dawn begins what it later has to look for. */
const asynchronous =
  `mapAsync onSubmittedWorkDone popErrorScope createComputePipelineAsync createRenderPipelineAsync getCompilationInfo
requestAdapter requestDevice`.split(/\s+/);

let opened: Dawn | undefined;

/** The best adapter, if it has been looked for. */
export const openedDawn = (): Dawn | undefined => opened;

/**
 * Loads Dawn and takes the best adapter, at the first call (10–40 ms; a driver's own start besides).
 * @throws Error when the packages are missing, Dawn does not load, or there is no adapter.
 */
export function openDawn(): Dawn {
  opened ??= findAdapter(loadDawn());
  return opened;
}

function loadDawn(): { create(options: string[]): Gpu; globals: Classes } {
  const kept = keptWebgpu();
  if (!kept) throw new Error('its packages are missing; tensorcell setup --webgpu gets them');
  try {
    const dawn = createRequire(import.meta.url)(join(kept.dawn, 'dawn.node'));
    for (const { prototype } of Object.values<{ prototype?: object }>(dawn.globals)) if (prototype) watch(prototype);
    return dawn;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new Error(`Dawn does not load in Node ${process.versions.node}: ${words}`, { cause });
  }
}

/**
 * Makes the members of a class safe from interrupts, which would end the process, and those that begin something tell of the turn that
 * Dawn asks for.
 */
function watch(prototype: object): void {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor' || !member.configurable) continue;
    const { get, set, value } = member;
    if (get) member.get = uninterrupted(get);
    if (set) member.set = uninterrupted(set);
    if (typeof value === 'function') {
      const method = uninterrupted(value);
      member.value = asynchronous.includes(name)
        ? function (this: unknown, ...args: unknown[]) {
            return asking(() => method.apply(this, args));
          }
        : method;
    }
    Object.defineProperty(prototype, name, member);
  }
}

function findAdapter({ create, globals: classes }: ReturnType<typeof loadDawn>): Dawn {
  // Dawn says on descriptor 2 what of Vulkan it did not find.
  const { gpu, adapter } = silently(() => {
    // Without the feature, times of kernels are not rounded to 0.1 ms, as a browser must for its visitors.
    const gpu = create(['disable-dawn-features=timestamp_quantization']);
    return { gpu, adapter: settle(() => gpu.requestAdapter({ powerPreference: 'high-performance' })) };
  });
  if (!adapter) throw new Error('no adapter: Dawn finds no GPU with a Vulkan, Metal or Direct3D driver');
  return { gpu, classes, adapter };
}

/** Limits that tfjs's kernels profit from, beyond what WebGPU promises. */
const wantedLimits =
  `maxComputeWorkgroupStorageSize maxComputeWorkgroupsPerDimension maxStorageBufferBindingSize maxBufferSize
maxComputeWorkgroupSizeX maxComputeInvocationsPerWorkgroup maxStorageBuffersPerShaderStage`.split(/\s+/);

let device: GpuDevice | undefined;

/** The device of the adapter, which gives but one. @throws as `openDawn` does. */
export function openDevice(): GpuDevice {
  if (device) return device;
  const { adapter } = openDawn();
  const opened = settle(() =>
    adapter.requestDevice({
      // For `tf.time` and `tf.profile`.
      requiredFeatures: ['timestamp-query'].filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
    }),
  );
  // A driver's threads that are at work while the process unloads it end in a fault of memory: 4 of 40 ends with SwiftShader.
  process.once('exit', () => {
    try {
      settle(() => opened.queue.onSubmittedWorkDone());
    } catch {
      // A lost device has no work, and the process ends all the same.
    }
  });
  device = opened;
  return device;
}
