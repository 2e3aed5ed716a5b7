// The connection file: where a kernel listens and the key its messages are signed with. Read and checked here, never guessed.
import { readFileSync } from 'node:fs';

export const CHANNELS = ['shell', 'control', 'iopub', 'stdin', 'hb'] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Connection {
  readonly transport: 'tcp' | 'ipc';
  /** A host for tcp, a path's beginning for ipc. */
  readonly ip: string;
  readonly ports: Readonly<Record<Channel, number>>;
  /** Empty: messages are not signed. */
  readonly key: string;
  /** The kernel's Z85 key pair when the connection is to be encrypted with CURVE. */
  readonly curve?: { readonly publicKey: string; readonly secretKey: string };
}

/** A connection file that can't be used; the message is one line and names the field. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** Reads and checks a connection file. Throws `ConnectionError`. */
export function readConnection(path: string): Connection {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConnectionError(`connection file ${path}: ${(cause as Error).message}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConnectionError(`connection file ${path}: not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConnectionError(`connection file ${path}: must hold an object`);
  return checkConnection(value as Record<string, unknown>, path);
}

/** Checks the fields of a connection file; `path` is for the message. Throws `ConnectionError`. */
export function checkConnection(fields: Readonly<Record<string, unknown>>, path: string): Connection {
  const fail = (field: string, must: string): never => {
    const got = field in fields ? JSON.stringify(fields[field]) : 'nothing';
    throw new ConnectionError(`connection file ${path}: ${field} must be ${must}, got ${got}`);
  };
  const text = (field: string): string => {
    const value = fields[field];
    return typeof value === 'string' ? value : fail(field, 'a string');
  };
  const port = (channel: Channel): number => {
    const value = fields[`${channel}_port`];
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535
      ? Number(value)
      : fail(`${channel}_port`, 'a whole number from 1 to 65535');
  };
  const transport = text('transport');
  if (transport !== 'tcp' && transport !== 'ipc') return fail('transport', '"tcp" or "ipc"');
  const key = text('key');
  if (key !== '' && text('signature_scheme') !== 'hmac-sha256') fail('signature_scheme', '"hmac-sha256"');
  const ip = text('ip');
  if (ip === '') fail('ip', 'a host');
  const ports = Object.fromEntries(CHANNELS.map((channel) => [channel, port(channel)])) as Record<Channel, number>;
  const encrypted = 'curve_secretkey' in fields || 'curve_publickey' in fields;
  const z85 = (field: string) => (text(field).length === 40 ? text(field) : fail(field, '40 characters of Z85'));
  return {
    transport,
    ip,
    ports,
    key,
    ...(encrypted && { curve: { publicKey: z85('curve_publickey'), secretKey: z85('curve_secretkey') } }),
  };
}

/** The ZeroMQ address of a channel. */
export function address({ transport, ip, ports }: Connection, channel: Channel): string {
  if (transport === 'ipc') return `ipc://${ip}-${ports[channel]}`;
  return `tcp://${ip.includes(':') ? `[${ip}]` : ip}:${ports[channel]}`;
}
