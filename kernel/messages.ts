// The Jupyter message map (messaging spec 5.5) as types, and the two derivations that hold for all of it. No bytes, no sockets here.

export const PROTOCOL_VERSION = '5.5';

/** A JSON object as it came off the wire: nothing is known of its fields. */
export type Json = Readonly<Record<string, unknown>>;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  /** Id of the sending program's life, not of a notebook. */
  readonly session: string;
  readonly username: string;
  /** ISO 8601 with a zone. */
  readonly date: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type Ok<T = unknown> = { readonly status: 'ok' } & T;
export type Failed = { readonly status: 'error' } & ErrorContent;
/** The answer to what was queued behind an error. */
export type Aborted = { readonly status: 'aborted' };

/** A MIME bundle and its metadata, as every displaying message carries them. */
export interface BundleContent {
  readonly data: Json;
  readonly metadata: Json;
}

// --- Requests on shell and control --------------------------------------------------------------------------------------

export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly store_history: boolean;
  readonly user_expressions: Readonly<Record<string, string>>;
  readonly allow_stdin: boolean;
  readonly stop_on_error: boolean;
}

export type UserExpression = Ok<BundleContent> | Failed;

export type ExecuteReply =
  | Ok<{
      readonly execution_count: number;
      readonly user_expressions: Readonly<Record<string, UserExpression>>;
      readonly payload: readonly Json[];
    }>
  | (Failed & { readonly execution_count: number })
  | Aborted;

export interface CompleteRequest {
  readonly code: string;
  /** In code points, as everywhere in the protocol. */
  readonly cursor_pos: number;
}

/** What a client draws beside a match: its span in code points and its kind. */
export interface TypedMatch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly type: string;
}

export interface CompleteContent {
  readonly matches: readonly string[];
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: { readonly _jupyter_types_experimental: readonly TypedMatch[] };
}

export interface InspectRequest {
  readonly code: string;
  readonly cursor_pos: number;
  readonly detail_level: 0 | 1;
}

export type HistoryRequest = { readonly output: boolean; readonly raw: boolean } & (
  | { readonly hist_access_type: 'tail'; readonly n: number }
  | {
      readonly hist_access_type: 'range';
      /** 0 is the running session, negative counts back from it. */
      readonly session: number;
      readonly start: number;
      /** Exclusive; null: to the end. */
      readonly stop: number | null;
    }
  | {
      readonly hist_access_type: 'search';
      /** Glob with `*`, `?` and `[…]`. */
      readonly pattern: string;
      readonly unique: boolean;
      readonly n: number | null;
    }
);

/** `[session, line, input]`, or with outputs asked for `[session, line, [input, output]]`. */
export type HistoryEntry = readonly [
  session: number,
  line: number,
  input: string | readonly [input: string, output: string | null],
];

export type IsCompleteContent =
  | { readonly status: 'complete' | 'invalid' | 'unknown' }
  | { readonly status: 'incomplete'; readonly indent: string };

export interface CommInfoContent {
  readonly comms: Readonly<Record<string, { readonly target_name: string }>>;
}

export interface ConnectContent {
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  readonly control_port: number;
}

export interface KernelInfoContent {
  readonly protocol_version: string;
  readonly implementation: string;
  readonly implementation_version: string;
  readonly language_info: {
    readonly name: string;
    readonly version: string;
    readonly mimetype: string;
    readonly file_extension: string;
    readonly pygments_lexer: string;
    /** A string: an object breaks JupyterLab. */
    readonly codemirror_mode: string;
    readonly nbconvert_exporter: string;
  };
  readonly banner: string;
  readonly debugger: boolean;
  readonly help_links: readonly { readonly text: string; readonly url: string }[];
  readonly supported_features: readonly string[];
}

/** What this kernel and its session processes use now. */
export interface UsageContent {
  readonly hostname: string;
  readonly pid: number;
  /** Percent of one core since the last question (or the start); may pass 100. */
  readonly kernel_cpu: number;
  /** Resident bytes of the kernel and its children. */
  readonly kernel_memory: number;
  readonly cpu_count: number;
  /** Percent of all cores. */
  readonly host_cpu_percent: number;
  /** Bytes, but for `percent`. */
  readonly host_virtual_memory: {
    readonly total: number;
    readonly available: number;
    readonly used: number;
    readonly free: number;
    readonly percent: number;
  };
  /** Bytes of GPU memory of the kernel and its children. Left out, never null, on a machine without an NVIDIA driver. */
  readonly kernel_gpu_memory?: number;
  /** Bytes of all GPUs, but for `percent`. Left out with the field above. */
  readonly host_gpu_memory?: { readonly total: number; readonly used: number; readonly percent: number };
}

/** A Debug Adapter Protocol answer that refuses. */
export interface DebugRefusal {
  readonly type: 'response';
  readonly seq: number;
  readonly request_seq: number;
  readonly command: string;
  readonly success: false;
  readonly message: string;
}

/** Every question a client can ask and its answer, keyed by the name before `_request` and `_reply`. */
export interface Calls {
  kernel_info: { request: Json; reply: Ok<KernelInfoContent> };
  execute: { request: ExecuteRequest; reply: ExecuteReply };
  complete: { request: CompleteRequest; reply: Ok<CompleteContent> };
  inspect: { request: InspectRequest; reply: Ok<BundleContent & { readonly found: boolean }> };
  is_complete: { request: { readonly code: string }; reply: IsCompleteContent };
  history: { request: HistoryRequest; reply: Ok<{ readonly history: readonly HistoryEntry[] }> };
  comm_info: { request: { readonly target_name?: string }; reply: Ok<CommInfoContent> };
  connect: { request: Json; reply: Ok<ConnectContent> };
  interrupt: { request: Json; reply: Ok };
  shutdown: { request: { readonly restart: boolean }; reply: Ok<{ readonly restart: boolean }> };
  usage: { request: Json; reply: Ok<UsageContent> };
  debug: { request: Json; reply: Failed & DebugRefusal };
  create_subshell: { request: Json; reply: Failed };
  delete_subshell: { request: Json; reply: Failed };
  list_subshell: { request: Json; reply: Failed };
}

export type Call = keyof Calls;
export type RequestType = `${Call}_request`;
export type ReplyType = `${Call}_reply`;
/** A reply may always be a failure. */
export type ReplyContent<C extends Call> = Calls[C]['reply'] | Failed;

// --- Messages that have no answer ---------------------------------------------------------------------------------------

export interface CommOpen {
  readonly comm_id: string;
  readonly target_name: string;
  readonly data: Json;
}

export interface CommData {
  readonly comm_id: string;
  readonly data: Json;
}

/** What both sides may send without an answer: shell from a client, iopub from the kernel. */
export interface Notices {
  comm_open: CommOpen;
  comm_msg: CommData;
  comm_close: CommData;
}

export type Notice = keyof Notices;

export function isNotice(messageType: string): messageType is Notice {
  return messageType === 'comm_open' || messageType === 'comm_msg' || messageType === 'comm_close';
}

// --- IOPub --------------------------------------------------------------------------------------------------------------

/** A display and the id it can be redrawn by. `transient` is an object, never null: null breaks nbclient. */
export type DisplayContent = BundleContent & { readonly transient: { readonly display_id?: string } };

export interface Broadcasts extends Notices {
  iopub_welcome: { readonly subscription: string };
  status: { readonly execution_state: 'starting' | 'busy' | 'idle' };
  execute_input: { readonly code: string; readonly execution_count: number };
  stream: { readonly name: 'stdout' | 'stderr'; readonly text: string };
  display_data: DisplayContent;
  update_display_data: DisplayContent;
  execute_result: DisplayContent & { readonly execution_count: number };
  error: ErrorContent;
  clear_output: { readonly wait: boolean };
  /** Tells the other clients that one of them ended the kernel. */
  shutdown_reply: Ok<{ readonly restart: boolean }>;
}

export type Broadcast = keyof Broadcasts;

// --- Stdin --------------------------------------------------------------------------------------------------------------

export interface InputRequestContent {
  readonly prompt: string;
  readonly password: boolean;
}

export interface InputReplyContent {
  readonly value: string;
}

// --- Derivations --------------------------------------------------------------------------------------------------------

/** `execute_request` → `execute`; undefined for anything that does not ask. */
export function callName(messageType: string): string | undefined {
  return messageType.endsWith('_request') ? messageType.slice(0, -'_request'.length) : undefined;
}

/** The one place where a reply's type comes from its request's. */
export function replyType(requestType: string): string {
  return requestType.replace(/_request$/, '_reply');
}
