"""A program in a pseudo-terminal: relay.py COLUMNS ROWS PROGRAM ARG…. What comes as lines of JSON goes to it ({"keys": …} or {"bytes": [hex]} or
{"size": [columns, rows]}; {} closes the terminal), what it writes goes to stdout, its exit code is this program's."""
import fcntl, json, os, pty, select, struct, sys, termios


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


pid, fd = pty.fork()
if pid == 0:
    resize(0, int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])
pending = b""
unsent = b""
watched = [fd, 0]
while True:
    readable, writable, _ = select.select(watched, [fd] if unsent else [], [])
    if fd in readable:
        # Linux says EIO at the end of a terminal whose program has gone, once all that it wrote has been read.
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        os.write(1, data)
    if writable:
        unsent = unsent[os.write(fd, unsent[:512]):]
    if 0 in readable:
        data = os.read(0, 65536)
        if not data:
            watched.remove(0)
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "keys" in order:
                unsent += order["keys"].encode()
            elif "bytes" in order:
                unsent += bytes.fromhex(order["bytes"])
            elif "size" in order:
                resize(fd, *order["size"])
            else:
                os.close(fd)
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
