"""The desk in the browser. How a page is added stands at the top of `desk/web/routes.py`."""

from desk.web.app import build_app
from desk.web.context import Desk, Site

__all__ = ["Desk", "Site", "build_app"]
