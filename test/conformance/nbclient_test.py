"""nbclient keeps every printed line in the cell that printed it. Prints one JSON object: what each cell's outputs hold."""
import json

import nbformat
from nbclient import NotebookClient

LINES = 1000
cells = [
    "1 + 1",
    f'for (let i = 0; i < {LINES}; i++) console.log("line " + i);',
    "2 + 2",
    f'for (let i = 0; i < {LINES}; i++) console.log("more " + i);',
    '({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>own</b>" } } })',
    'void setTimeout(() => console.log("late"), 300);',
    "await new Promise((done) => setTimeout(done, 900));",
    'throw new Error("boom");',
    "3 + 3",
]
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
NotebookClient(notebook, kernel_name="tensorcell", timeout=30, allow_errors=True).execute()
nbformat.validate(notebook)


def text(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def results(cell):
    return [dict(output.data) for output in cell.outputs if output.output_type == "execute_result"]


print(json.dumps({
    "whole": [text(notebook.cells[i]) == "".join(f"{word} {n}\n" for n in range(LINES)) for i, word in ((1, "line"), (3, "more"))],
    "streams": [i for i, cell in enumerate(notebook.cells) if text(cell)],
    "results": {i: results(cell) for i, cell in enumerate(notebook.cells) if results(cell)},
    "errors": {i: output.ename for i, cell in enumerate(notebook.cells) for output in cell.outputs if output.output_type == "error"},
    "counts": [cell.execution_count for cell in notebook.cells],
}))
