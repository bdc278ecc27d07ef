"""The web chat: `python app.py` serves it at http://127.0.0.1:7860; `demo` is the page, for gradio's own tools."""

import sys

from rag.cli import main
from rag.web import open_page

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))

demo = open_page()
