"""A bare Starlette page of so many bytes, made once: the floor under every page of the desk."""

from __future__ import annotations

import argparse

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route


def build(size: int) -> Starlette:
    page = HTMLResponse("x" * size)

    async def show(_: Request) -> HTMLResponse:
        return page

    return Starlette(routes=[Route("/page", show), Route("/alive", show)])


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    given = parser.parse_args()
    uvicorn.run(build(given.bytes), port=given.port, log_level="critical", access_log=False)


if __name__ == "__main__":
    main()
