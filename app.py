"""Opens the page: `python app.py`. Address and port come from the settings."""

from __future__ import annotations

import sys

from assistant.errors import AssistantError
from assistant.settings import load_settings
from assistant.web.serve import serve

if __name__ == "__main__":
    try:
        serve(load_settings())
    except AssistantError as error:
        sys.exit(str(error))
