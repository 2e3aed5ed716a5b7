"""Runs a program in a pseudo-terminal: terminal.py STEPS PROGRAM ARG…; STEPS is JSON, [[keys, text to wait for], …].
Waits for each text to appear behind what was seen before, at most 20 s; prints all that the program wrote."""
import json, os, pty, select, signal, sys, time

steps = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
out = b""
seen = 0
for keys, wanted in steps:
    if keys:
        os.write(fd, keys.encode())
    end = time.time() + 20
    while wanted.encode() not in out[seen:] and time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                out += os.read(fd, 65536)
            except OSError:
                break
    at = out.find(wanted.encode(), seen)
    if at < 0:
        sys.stderr.write(f"not seen: {wanted!r}\n")
        break
    seen = at + len(wanted.encode())
end = time.time() + 5
while time.time() < end:
    # Linux says EIO at the end of a terminal whose program has gone, once all that it wrote has been read.
    if select.select([fd], [], [], 0.1)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
else:
    sys.stderr.write("still running\n")
    os.kill(pid, signal.SIGKILL)
sys.stdout.buffer.write(out)
