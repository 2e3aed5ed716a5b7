// A client in a process of its own, so that a test can stop, go on with or kill it: reader.js CONNECTION [CODE]. CONNECTION is what a
// connection file says, CODE a cell to run. Says `ready` once it is subscribed; then, for each cell that has ended, one line of JSON with
// what came on iopub. Reads by the same means as any Jupyter client, with ZeroMQ's own limits.
import { Dealer, Subscriber } from 'zeromq';
import { address, type Connection } from '../../kernel/connection.ts';
import { Wire } from '../../kernel/wire.ts';

/** What a reader saw of a cell. */
export interface Seen {
  readonly cell: string;
  lines: number;
  displays: number;
  notes: number;
}

const connection = JSON.parse(process.argv[2]!) as Connection;
const code = process.argv[3];
const wire = new Wire(connection.key);
const iopub = new Subscriber({ linger: 0 });
iopub.connect(address(connection, 'iopub'));
iopub.subscribe();
const cells = new Map<string, Seen>();
for await (const frames of iopub) {
  const { header, parent, content } = wire.decode(frames);
  if (header.msg_type === 'iopub_welcome') {
    console.log('ready');
    if (code === undefined) continue;
    const shell = new Dealer({ linger: 0 });
    shell.connect(address(connection, 'shell'));
    await shell.send(wire.encode({ type: 'execute_request', content: { code } }, wire.header('execute_request')));
  }
  const cell = String(parent.msg_id);
  const seen = cells.get(cell) ?? { cell, lines: 0, displays: 0, notes: 0 };
  cells.set(cell, seen);
  if (header.msg_type === 'stream') {
    const text = String(content.text);
    if (text.includes('left out here')) seen.notes++;
    else seen.lines += text.split('\n').length - 1;
  }
  if (header.msg_type === 'display_data') seen.displays++;
  if (content.execution_state === 'idle') console.log(JSON.stringify(seen));
}
