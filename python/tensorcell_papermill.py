"""papermill's parameters in TypeScript: `papermill in.ipynb out.ipynb -p rate 0.1` adds a cell `let rate = 0.1;`.

papermill imports this by its entry point and then knows the kernel `tensorcell` and every notebook in TypeScript.
"""
import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# Greater integers are not exact as a JavaScript number.
MAX_SAFE_INTEGER = 2**53 - 1


class TypeScriptTranslator(Translator):
    """Values of YAML and of the command line as TypeScript."""

    DECLARATION = re.compile(
        r"^\s*(?:export\s+)?(?:let|const|var)\s+(?P<name>[\w$]+)\s*(?::\s*(?P<type>[^=]+?)\s*)?=\s*"
        # Strings whole, so that their `//` and `;` end nothing.
        r"(?P<value>(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[^;/\"'`]|/(?!/))*?)"
        r"\s*;?\s*(?://\s*(?P<help>.*))?$"
    )

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        """A number, or a bigint where a number would be another one."""
        return str(val) if abs(val) <= MAX_SAFE_INTEGER else f"{val}n"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_escaped_str(cls, str_val):
        """What has no form of its own, such as a date, is its text."""
        return json.dumps(str(str_val))

    @classmethod
    def translate_dict(cls, val):
        def written(key):
            # As a plain key it would set the object's prototype.
            return f"[{cls.translate_str(key)}]" if key == "__proto__" else cls.translate_str(key)

        return "{" + ", ".join(f"{written(key)}: {cls.translate(item)}" for key, item in val.items()) + "}"

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(cls.translate(item) for item in val) + "]"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters that `papermill --help-notebook` lists: declarations of one line, with the comment behind them."""
        found = (cls.DECLARATION.match(line) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(match["name"], match["type"] or "None", match["value"], (match["help"] or "").strip())
            for match in found
            if match
        ]


class TensorcellEngine(NBClientEngine):
    """papermill's own engine, by another name."""


papermill_translators.register("typescript", TypeScriptTranslator)
# A notebook whose metadata calls the language otherwise, run with `-k tensorcell`.
papermill_translators.register("tensorcell", TypeScriptTranslator)
