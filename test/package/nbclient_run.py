"""Runs the notebook of the first argument in its own folder, as nbclient does, and writes it back with its outputs."""
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
nbformat.validate(notebook)
nbformat.write(notebook, path)
