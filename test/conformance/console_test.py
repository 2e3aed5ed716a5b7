"""Drives `jupyter console` in a pseudo-terminal as a person does. Prints one JSON object: what was seen at each step.

    python console_test.py        (the kernel `tensorcell` must be on Jupyter's paths)
"""
import json
import os
import pty
import re
import select
import signal
import sys
import time

PATIENCE = 90  # seconds for one step
ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x07")


class Terminal:
    def __init__(self, command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", COLUMNS="100", LINES="40")
            os.execvp(command[0], command)
        self.text = b""

    def read(self):
        """Takes in what came within 0.1 s; false at the end."""
        if not select.select([self.fd], [], [], 0.1)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # Linux' way to say that the program has gone
            return False
        # The prompt asks where the cursor is; a terminal answers.
        for _ in range(data.count(b"\x1b[6n")):
            os.write(self.fd, b"\x1b[1;1R")
        self.text += ESCAPE.sub(b"", data)
        return bool(data)

    def step(self, keys, wanted):
        """Types, and waits for a pattern behind what was matched before; returns what it matched."""
        os.write(self.fd, keys.encode())
        end = time.time() + PATIENCE
        while time.time() < end:
            alive = self.read()
            match = re.search(wanted.encode(), self.text)
            if match:
                self.text = self.text[match.end() :]
                return match[0].decode()
            if not alive:
                break
        sys.exit(f"{keys!r}: no {wanted!r} in {self.text.decode(errors='replace')!r}")

    def end(self):
        """The exit code, once all has been read."""
        end = time.time() + PATIENCE
        while self.read():
            if time.time() > end:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit("jupyter console is still running")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


# On a machine with much else to do an answer may take seconds. The console gives up after one, and takes what then comes for the answer to
# its next question; and a kernel that does not echo within a second it takes for dead.
PROGRAM = """
from jupyter_client.blocking import BlockingKernelClient as Client
from jupyter_client.channels import HBChannel
from jupyter_console.app import launch_new_instance
ask = Client.get_shell_msg
Client.get_shell_msg = lambda self, timeout=None: ask(self, timeout=60)
HBChannel.time_to_dead = 60.0
launch_new_instance()
"""
PATIENT = ["--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=60", "--ZMQCompleter.timeout=60"]
it = Terminal([sys.executable, "-c", PROGRAM, "--kernel", "tensorcell", *PATIENT])
PROMPT = r"In \[\d+\]: "
seen = {
    "banner": it.step("", r"Tensorcell \S+"),
    "ready": it.step("", PROMPT),
    "value": it.step("let kept = 41; 6 * 7\r", r"Out\[\d+\]: \S*42"),
    "second": it.step("", PROMPT),
    # What is incomplete goes on in a second line.
    "more": it.step("function twice(n: number) {\r", r"\.\.\.: "),
    "whole": it.step("return 2 * n }\r\r", PROMPT),
    # The terminal may be sent only the letters that are new.
    "tab": it.step("conso\t", r"le"),
    "printed": it.step(".log('tab' + 'bed', twice(4))\r", r"tabbed 8"),
    "fourth": it.step("", PROMPT),
    "running": it.step("console.log('run' + 'ning'); for (;;);\r", r"running"),
    "interrupted": it.step("\x03", r"KeyboardInterrupt"),
    "fifth": it.step("", PROMPT),
    "kept": it.step("kept + 1\r", r"Out\[\d+\]: \S*42"),
    "sixth": it.step("", PROMPT),
    "asked": it.step("'hello ' + prompt('who' + ' is it? ')\r", r"who is it\? "),
    "answered": it.step("me\r", r"Out\[\d+\]: \S*'hello me'"),
    "seventh": it.step("", PROMPT),
    "error": it.step("throw new RangeError('too' + ' far')\r", r"RangeError: too far"),
    "eighth": it.step("", PROMPT),
    "really": it.step("\x04", r"exit"),
}
it.step("y\r", r"")
seen["code"] = it.end()
print(json.dumps(seen))
