"""An encrypted kernel through jupyter_client, as it starts one by itself. Prints one JSON object: what it saw."""
import json
import time

from jupyter_client.manager import KernelManager

manager = KernelManager(kernel_name="tensorcell", transport_encryption="required")
manager.start_kernel()
with open(manager.connection_file) as file:
    written = json.load(file)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
client.hb_channel.unpause()


def run(code):
    seen = []
    reply = client.execute_interactive(code, timeout=60, output_hook=lambda m: seen.append(m["content"]))
    return reply["content"]["status"], [c.get("text") or c["data"]["text/plain"] for c in seen if "text" in c or "data" in c]


first = run('console.log("through"); 6 * 7')
manager.interrupt_kernel()
time.sleep(2.5)
beating = client.hb_channel.is_beating()
# The keys stay for the next life of the kernel.
manager.restart_kernel()
client.wait_for_ready(timeout=60)
again = run("1 + 1")
# A client of the same ports without the keys hears nothing.
stranger = manager.client()
stranger.curve_publickey = stranger.curve_secretkey = None
stranger.start_channels()
stranger.kernel_info()
try:
    stranger.get_shell_msg(timeout=2)
    answered = True
except Exception as error:
    answered = type(error).__name__
stranger.stop_channels()
still = run("2 + 2")
client.stop_channels()
manager.shutdown_kernel()
print(json.dumps({
    "keys": [len(written.get(name, "")) for name in ("curve_publickey", "curve_secretkey")],
    "first": first, "beating": beating, "again": again, "stranger": answered, "still": still,
}))
