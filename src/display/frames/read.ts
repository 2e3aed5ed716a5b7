// Which values are tables, and each as a frame.
import { typeName } from '../type-name.ts';
import type { Frame, FrameReader } from './frame.ts';
import { libraryFrames } from './libraries.ts';
import { columnsFrame, isPlainObject, isRecords, recordsFrame } from './records.ts';

/** What reads a value that is a table without being asked: libraries' tables. */
export function libraryReader(value: unknown): FrameReader | undefined {
  return libraryFrames.find(({ matches }) => matches(value));
}

/** What a value is as a frame. @throws TypeError that says what came when it is none. */
export function readFrame(data: unknown): Frame | Promise<Frame> {
  const library = libraryReader(data);
  if (library) return library.read(data);
  if (isRecords(data)) return recordsFrame(data);
  if (Array.isArray(data) && data.length === 0) return recordsFrame([]);
  if (isColumns(data)) return columnsFrame(data);
  throw new TypeError(
    `table: data must be an array of records, an object of columns, or a table of Arrow, arquero, polars, danfo or DuckDB, got ${typeName(data)}`,
  );
}

function isColumns(data: unknown): data is Readonly<Record<string, ArrayLike<unknown>>> {
  return (
    isPlainObject(data) && Object.values(data).every((column) => Array.isArray(column) || ArrayBuffer.isView(column))
  );
}
