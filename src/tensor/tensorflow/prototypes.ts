// The part of TensorFlow's C API that is in use (tensorflow/c/c_api.h, tf_tensor.h, tf_tstring.h, eager/c_api.h): the C prototype of each
// function and its type here. Pointers are bigints; `Bytes` are passed as the address of their memory and must not be kept.

export type Pointer = bigint;

type Bytes = ArrayBufferView | Pointer | null;

/** A `TF_Output`: one output of an operation of a graph. */
export interface GraphOutput {
  readonly oper: Pointer;
  readonly index: number;
}

/** Functions by name. */
export interface TensorFlowLibrary {
  TF_Version(): string;
  TF_NewStatus(): Pointer;
  TF_GetCode(status: Pointer): number;
  TF_Message(status: Pointer): string;

  TF_AllocateTensor(dtype: number, lengths: BigInt64Array, rank: number, bytes: number): Pointer;
  TF_TensorData(tensor: Pointer): Pointer;
  TF_TensorByteSize(tensor: Pointer): number;
  TF_DeleteTensor(tensor: Pointer): void;
  TF_StringInit(string: Pointer): void;
  TF_StringCopy(string: Pointer, bytes: Bytes, length: number): void;
  TF_StringGetDataPointer(string: Pointer): Pointer;
  TF_StringGetSize(string: Pointer): number;

  TFE_NewContextOptions(): Pointer;
  TFE_ContextOptionsSetConfig(options: Pointer, proto: Bytes, length: number, status: Pointer): void;
  TFE_DeleteContextOptions(options: Pointer): void;
  TFE_NewContext(options: Pointer, status: Pointer): Pointer;
  TFE_ContextListDevices(context: Pointer, status: Pointer): Pointer;
  TF_DeviceListCount(devices: Pointer): number;
  TF_DeviceListName(devices: Pointer, index: number, status: Pointer): string;
  TF_DeviceListType(devices: Pointer, index: number, status: Pointer): string;
  TF_DeviceListMemoryBytes(devices: Pointer, index: number, status: Pointer): number;
  TF_DeleteDeviceList(devices: Pointer): void;

  TFE_NewTensorHandle(tensor: Pointer, status: Pointer): Pointer;
  TFE_TensorHandleCopySharingTensor(handle: Pointer, status: Pointer): Pointer;
  TFE_DeleteTensorHandle(handle: Pointer): void;
  TFE_TensorHandleResolve(handle: Pointer, status: Pointer): Pointer;
  TFE_TensorHandleDataType(handle: Pointer): number;
  /** The name of the device whose memory holds it. */
  TFE_TensorHandleBackingDeviceName(handle: Pointer, status: Pointer): string;
  TFE_TensorHandleNumDims(handle: Pointer, status: Pointer): number;
  TFE_TensorHandleDim(handle: Pointer, axis: number, status: Pointer): number;

  TFE_NewOp(context: Pointer, name: string, status: Pointer): Pointer;
  TFE_DeleteOp(op: Pointer): void;
  TFE_OpReset(op: Pointer, name: string, device: string | null, status: Pointer): void;
  TFE_OpNameGetAttrType(context: Pointer, op: string, attr: string, isList: Uint8Array, status: Pointer): number;
  TFE_OpAddInput(op: Pointer, handle: Pointer, status: Pointer): void;
  TFE_OpAddInputList(op: Pointer, handles: BigUint64Array, count: number, status: Pointer): void;
  TFE_OpSetAttrString(op: Pointer, name: string, value: Bytes, length: number): void;
  TFE_OpSetAttrInt(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrFloat(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrBool(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrType(op: Pointer, name: string, dtype: number): void;
  TFE_OpSetAttrShape(op: Pointer, name: string, lengths: BigInt64Array, rank: number, status: Pointer): void;
  TFE_OpSetAttrStringList(op: Pointer, name: string, values: BigUint64Array, lengths: BigUint64Array, n: number): void;
  TFE_OpSetAttrIntList(op: Pointer, name: string, values: BigInt64Array, count: number): void;
  TFE_OpSetAttrFloatList(op: Pointer, name: string, values: Float32Array, count: number): void;
  TFE_OpSetAttrBoolList(op: Pointer, name: string, values: Uint8Array, count: number): void;
  TFE_OpSetAttrTypeList(op: Pointer, name: string, dtypes: Int32Array, count: number): void;
  TFE_OpSetAttrShapeList(
    op: Pointer,
    name: string,
    lengths: BigUint64Array,
    ranks: Int32Array,
    count: number,
    status: Pointer,
  ): void;
  TF_NewGraph(): Pointer;
  TF_DeleteGraph(graph: Pointer): void;
  TF_GraphOperationByName(graph: Pointer, name: string): Pointer | null;
  TF_NewOperation(graph: Pointer, op: string, name: string): Pointer;
  TF_AddInput(description: Pointer, input: GraphOutput): void;
  /** A list of `TF_Output` in memory: two words each, the operation and the number of its output. */
  TF_AddInputList(description: Pointer, inputs: BigUint64Array, count: number): void;
  TF_FinishOperation(description: Pointer, status: Pointer): Pointer;
  TF_OperationNumOutputs(operation: Pointer): number;
  TF_OperationOutputType(output: GraphOutput): number;
  TF_GraphGetTensorNumDims(graph: Pointer, output: GraphOutput, status: Pointer): number;
  TF_GraphGetTensorShape(
    graph: Pointer,
    output: GraphOutput,
    lengths: BigInt64Array,
    rank: number,
    status: Pointer,
  ): void;
  TF_SetAttrString(description: Pointer, name: string, value: Bytes, length: number): void;
  TF_SetAttrInt(description: Pointer, name: string, value: number): void;
  TF_SetAttrFloat(description: Pointer, name: string, value: number): void;
  TF_SetAttrBool(description: Pointer, name: string, value: number): void;
  TF_SetAttrType(description: Pointer, name: string, value: number): void;
  TF_SetAttrShape(description: Pointer, name: string, lengths: BigInt64Array, rank: number): void;
  TF_SetAttrStringList(
    description: Pointer,
    name: string,
    values: BigUint64Array,
    lengths: BigUint64Array,
    n: number,
  ): void;
  TF_SetAttrIntList(description: Pointer, name: string, values: BigInt64Array, count: number): void;
  TF_SetAttrFloatList(description: Pointer, name: string, values: Float32Array, count: number): void;
  TF_SetAttrBoolList(description: Pointer, name: string, values: Uint8Array, count: number): void;
  TF_SetAttrTypeList(description: Pointer, name: string, dtypes: Int32Array, count: number): void;
  TF_SetAttrShapeList(
    description: Pointer,
    name: string,
    lengths: BigUint64Array,
    ranks: Int32Array,
    count: number,
  ): void;
  TF_SetAttrTensor(description: Pointer, name: string, tensor: Pointer, status: Pointer): void;
  TF_SetAttrFuncName(description: Pointer, name: string, value: string, length: number): void;
  /** All operations of a graph as a function's body; inputs and outputs are lists of `TF_Output` in memory. */
  TF_GraphToFunction(
    graph: Pointer,
    name: string,
    appendHash: number,
    operationCount: number,
    operations: null,
    inputCount: number,
    inputs: BigUint64Array,
    outputCount: number,
    outputs: BigUint64Array,
    outputNames: null,
    options: null,
    description: null,
    status: Pointer,
  ): Pointer;
  TF_FunctionSetAttrValueProto(func: Pointer, name: string, proto: Bytes, length: number, status: Pointer): void;
  TF_GraphCopyFunction(graph: Pointer, func: Pointer, gradient: null, status: Pointer): void;
  TF_DeleteFunction(func: Pointer): void;
  TFE_ContextAddFunction(context: Pointer, func: Pointer, status: Pointer): void;
  TFE_ContextRemoveFunction(context: Pointer, name: string, status: Pointer): void;
  TF_NewSessionOptions(): Pointer;
  TF_SetConfig(options: Pointer, proto: Bytes, length: number, status: Pointer): void;
  TF_DeleteSessionOptions(options: Pointer): void;
  /** `tags` are addresses of texts that end with a zero. */
  TF_LoadSessionFromSavedModel(
    options: Pointer,
    runOptions: null,
    folder: string,
    tags: BigUint64Array,
    count: number,
    graph: Pointer,
    metaGraph: null,
    status: Pointer,
  ): Pointer;
  TF_CloseSession(session: Pointer, status: Pointer): void;
  TF_DeleteSession(session: Pointer, status: Pointer): void;
  /** A `TF_Output` is two words: the operation, the number of its output. */
  TF_SessionRun(
    session: Pointer,
    runOptions: null,
    inputs: BigUint64Array,
    inputValues: BigUint64Array,
    inputCount: number,
    outputs: BigUint64Array,
    outputValues: BigUint64Array,
    outputCount: number,
    targets: null,
    targetCount: number,
    metadata: null,
    status: Pointer,
  ): void;

  TFE_NewCancellationManager(): Pointer;
  TFE_OpSetCancellationManager(op: Pointer, manager: Pointer, status: Pointer): void;
  TFE_Execute(op: Pointer, outputs: BigUint64Array, count: Int32Array, status: Pointer): void;

  /** What every op calls, with plain addresses, which are passed faster. */
  opReset(op: number, name: number, device: number, status: number): void;
  opAddInput(op: number, handle: Pointer, status: number): void;
  execute(op: number, outputs: number, count: number, status: number): void;
}

/** The same functions as C declares them. */
export const prototypes: Readonly<Record<keyof TensorFlowLibrary, string>> = {
  TF_Version: 'str TF_Version()',
  TF_NewStatus: 'void *TF_NewStatus()',
  TF_GetCode: 'int TF_GetCode(void *)',
  TF_Message: 'str TF_Message(void *)',

  TF_AllocateTensor: 'void *TF_AllocateTensor(int, void *, int, size_t)',
  TF_TensorData: 'void *TF_TensorData(void *)',
  TF_TensorByteSize: 'size_t TF_TensorByteSize(void *)',
  TF_DeleteTensor: 'void TF_DeleteTensor(void *)',
  TF_StringInit: 'void TF_StringInit(void *)',
  TF_StringCopy: 'void TF_StringCopy(void *, void *, size_t)',
  TF_StringGetDataPointer: 'void *TF_StringGetDataPointer(void *)',
  TF_StringGetSize: 'size_t TF_StringGetSize(void *)',

  TFE_NewContextOptions: 'void *TFE_NewContextOptions()',
  TFE_ContextOptionsSetConfig: 'void TFE_ContextOptionsSetConfig(void *, void *, size_t, void *)',
  TFE_DeleteContextOptions: 'void TFE_DeleteContextOptions(void *)',
  TFE_NewContext: 'void *TFE_NewContext(void *, void *)',
  TFE_ContextListDevices: 'void *TFE_ContextListDevices(void *, void *)',
  TF_DeviceListCount: 'int TF_DeviceListCount(void *)',
  TF_DeviceListName: 'str TF_DeviceListName(void *, int, void *)',
  TF_DeviceListType: 'str TF_DeviceListType(void *, int, void *)',
  TF_DeviceListMemoryBytes: 'int64_t TF_DeviceListMemoryBytes(void *, int, void *)',
  TF_DeleteDeviceList: 'void TF_DeleteDeviceList(void *)',

  TFE_NewTensorHandle: 'void *TFE_NewTensorHandle(void *, void *)',
  TFE_TensorHandleCopySharingTensor: 'void *TFE_TensorHandleCopySharingTensor(void *, void *)',
  TFE_DeleteTensorHandle: 'void TFE_DeleteTensorHandle(void *)',
  TFE_TensorHandleResolve: 'void *TFE_TensorHandleResolve(void *, void *)',
  TFE_TensorHandleDataType: 'int TFE_TensorHandleDataType(void *)',
  TFE_TensorHandleBackingDeviceName: 'str TFE_TensorHandleBackingDeviceName(void *, void *)',
  TFE_TensorHandleNumDims: 'int TFE_TensorHandleNumDims(void *, void *)',
  TFE_TensorHandleDim: 'int64_t TFE_TensorHandleDim(void *, int, void *)',

  TFE_NewOp: 'void *TFE_NewOp(void *, str, void *)',
  TFE_DeleteOp: 'void TFE_DeleteOp(void *)',
  TFE_OpReset: 'void TFE_OpReset(void *, str, str, void *)',
  TFE_OpNameGetAttrType: 'int TFE_OpNameGetAttrType(void *, str, str, void *, void *)',
  TFE_OpAddInput: 'void TFE_OpAddInput(void *, void *, void *)',
  TFE_OpAddInputList: 'void TFE_OpAddInputList(void *, void *, int, void *)',
  TFE_OpSetAttrString: 'void TFE_OpSetAttrString(void *, str, void *, size_t)',
  TFE_OpSetAttrInt: 'void TFE_OpSetAttrInt(void *, str, int64_t)',
  TFE_OpSetAttrFloat: 'void TFE_OpSetAttrFloat(void *, str, float)',
  TFE_OpSetAttrBool: 'void TFE_OpSetAttrBool(void *, str, uint8_t)',
  TFE_OpSetAttrType: 'void TFE_OpSetAttrType(void *, str, int)',
  TFE_OpSetAttrShape: 'void TFE_OpSetAttrShape(void *, str, void *, int, void *)',
  TFE_OpSetAttrStringList: 'void TFE_OpSetAttrStringList(void *, str, void *, void *, int)',
  TFE_OpSetAttrIntList: 'void TFE_OpSetAttrIntList(void *, str, void *, int)',
  TFE_OpSetAttrFloatList: 'void TFE_OpSetAttrFloatList(void *, str, void *, int)',
  TFE_OpSetAttrBoolList: 'void TFE_OpSetAttrBoolList(void *, str, void *, int)',
  TFE_OpSetAttrTypeList: 'void TFE_OpSetAttrTypeList(void *, str, void *, int)',
  TFE_OpSetAttrShapeList: 'void TFE_OpSetAttrShapeList(void *, str, void *, void *, int, void *)',
  TF_NewGraph: 'void *TF_NewGraph()',
  TF_DeleteGraph: 'void TF_DeleteGraph(void *)',
  TF_GraphOperationByName: 'void *TF_GraphOperationByName(void *, str)',
  TF_NewOperation: 'void *TF_NewOperation(void *, str, str)',
  TF_AddInput: 'void TF_AddInput(void *, TF_Output)',
  TF_AddInputList: 'void TF_AddInputList(void *, void *, int)',
  TF_FinishOperation: 'void *TF_FinishOperation(void *, void *)',
  TF_OperationNumOutputs: 'int TF_OperationNumOutputs(void *)',
  TF_OperationOutputType: 'int TF_OperationOutputType(TF_Output)',
  TF_GraphGetTensorNumDims: 'int TF_GraphGetTensorNumDims(void *, TF_Output, void *)',
  TF_GraphGetTensorShape: 'void TF_GraphGetTensorShape(void *, TF_Output, void *, int, void *)',
  TF_SetAttrString: 'void TF_SetAttrString(void *, str, void *, size_t)',
  TF_SetAttrInt: 'void TF_SetAttrInt(void *, str, int64_t)',
  TF_SetAttrFloat: 'void TF_SetAttrFloat(void *, str, float)',
  TF_SetAttrBool: 'void TF_SetAttrBool(void *, str, uint8_t)',
  TF_SetAttrType: 'void TF_SetAttrType(void *, str, int)',
  TF_SetAttrShape: 'void TF_SetAttrShape(void *, str, void *, int)',
  TF_SetAttrStringList: 'void TF_SetAttrStringList(void *, str, void *, void *, int)',
  TF_SetAttrIntList: 'void TF_SetAttrIntList(void *, str, void *, int)',
  TF_SetAttrFloatList: 'void TF_SetAttrFloatList(void *, str, void *, int)',
  TF_SetAttrBoolList: 'void TF_SetAttrBoolList(void *, str, void *, int)',
  TF_SetAttrTypeList: 'void TF_SetAttrTypeList(void *, str, void *, int)',
  TF_SetAttrShapeList: 'void TF_SetAttrShapeList(void *, str, void *, void *, int)',
  TF_SetAttrTensor: 'void TF_SetAttrTensor(void *, str, void *, void *)',
  TF_SetAttrFuncName: 'void TF_SetAttrFuncName(void *, str, str, size_t)',
  TF_GraphToFunction:
    'void *TF_GraphToFunction(void *, str, uint8_t, int, void *, int, void *, int, void *, void *, void *, str, void *)',
  TF_FunctionSetAttrValueProto: 'void TF_FunctionSetAttrValueProto(void *, str, void *, size_t, void *)',
  TF_GraphCopyFunction: 'void TF_GraphCopyFunction(void *, void *, void *, void *)',
  TF_DeleteFunction: 'void TF_DeleteFunction(void *)',
  TFE_ContextAddFunction: 'void TFE_ContextAddFunction(void *, void *, void *)',
  TFE_ContextRemoveFunction: 'void TFE_ContextRemoveFunction(void *, str, void *)',
  TF_NewSessionOptions: 'void *TF_NewSessionOptions()',
  TF_SetConfig: 'void TF_SetConfig(void *, void *, size_t, void *)',
  TF_DeleteSessionOptions: 'void TF_DeleteSessionOptions(void *)',
  TF_LoadSessionFromSavedModel:
    'void *TF_LoadSessionFromSavedModel(void *, void *, str, void *, int, void *, void *, void *)',
  TF_CloseSession: 'void TF_CloseSession(void *, void *)',
  TF_DeleteSession: 'void TF_DeleteSession(void *, void *)',
  TF_SessionRun:
    'void TF_SessionRun(void *, void *, void *, void *, int, void *, void *, int, void *, int, void *, void *)',

  TFE_NewCancellationManager: 'void *TFE_NewCancellationManager()',
  TFE_OpSetCancellationManager: 'void TFE_OpSetCancellationManager(void *, void *, void *)',
  TFE_Execute: 'void TFE_Execute(void *, void *, void *, void *)',

  opReset: 'void TFE_OpReset(uintptr_t, uintptr_t, uintptr_t, uintptr_t)',
  opAddInput: 'void TFE_OpAddInput(uintptr_t, uintptr_t, uintptr_t)',
  execute: 'void TFE_Execute(uintptr_t, uintptr_t, uintptr_t, uintptr_t)',
};
