// What the engine knows of each data id, kept on the data id itself: tfjs keeps it in a WeakMap, which makes garbage collection of many
// small tensors slow.
import type { DataType, KernelBackend } from '@tensorflow/tfjs-core';
import type { Entry } from './ledger.ts';

/** The engine's entry of a data id. */
export interface DataInfo {
  backend: KernelBackend;
  readonly dtype: DataType;
  readonly shape: number[];
  bytes: number;
  /** The account of the cell that made the data. */
  readonly entry: Entry;
}

export interface KeptInfo {
  readonly of: DataInfos;
  readonly info: DataInfo;
}

/** Where a data id keeps it. A class of data ids may declare it. */
export const INFO = Symbol('info');

export interface DataId {
  [INFO]?: KeptInfo | undefined;
}

/** The same to the engine as its WeakMap `tensorInfo`. Of one state of the engine: after a reset, old data ids are unknown. */
export class DataInfos {
  get(dataId: DataId): DataInfo | undefined {
    const kept = dataId[INFO];
    return kept !== undefined && kept.of === this ? kept.info : undefined;
  }

  has(dataId: DataId): boolean {
    return this.get(dataId) !== undefined;
  }

  set(dataId: DataId, info: DataInfo): this {
    dataId[INFO] = { of: this, info };
    return this;
  }

  delete(dataId: DataId): boolean {
    const had = this.has(dataId);
    dataId[INFO] = undefined;
    return had;
  }
}
