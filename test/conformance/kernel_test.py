"""jupyter_kernel_test with every list of samples set. Only its pager test is left out: that is IPython's own.

    python kernel_test.py        (the kernel `tensorcell` must be on Jupyter's paths)
"""
import unittest

import jupyter_kernel_test


class TensorcellTest(jupyter_kernel_test.KernelTests):
    kernel_name = "tensorcell"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world");'
    code_stderr = 'console.error("oops");'
    completion_samples = [
        {"text": "Math.cbr", "matches": ["cbrt"]},
        {"text": "JSON.str", "matches": ["stringify"]},
        {"text": "conso", "matches": ["console"]},
    ]
    complete_code_samples = [
        "const a = 1",
        'console.log("hi");',
        "function f(x: number) {\n  return x * 2;\n}\n",
        "class A { b() {} }",
        "await Promise.resolve(1)",
    ]
    incomplete_code_samples = ["function f() {", "const s = `abc", "const a = [1,", "if (true) {"]
    invalid_code_samples = ["const const = 3", "let 1x = 2", "}"]
    code_generate_error = 'throw new Error("boom");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2, 3]"},
        {"code": '"a" + "b"'},
        {"code": "6 * 8", "result": "48"},
    ]
    code_display_data = [
        {"code": 'display({ "text/html": "<b>t</b>" }, { raw: true })', "mime": "text/html"},
        {"code": 'import { display, html } from "tensorcell";\ndisplay(html("<i>t</i>"))', "mime": "text/html"},
    ]
    code_history_pattern = "6 [*] 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.sqrt"
    code_clear_output = 'import { clearOutput } from "tensorcell";\nclearOutput()'

    def test_pager(self):
        self.skipTest("IPython's own")


if __name__ == "__main__":
    unittest.main(verbosity=2)
