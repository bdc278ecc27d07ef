"""Follow something long from where it is waited for: it runs in a thread, its progress comes as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread

from rag.encoding import Progress


def following(work: Callable[[Progress], object]) -> Iterator[tuple[int, int]]:
    """Run `work` and yield the `(done, all)` that it reports; raises what it raises.

    >>> list(following(lambda progress: progress(1, 2)))
    [(1, 2)]
    """
    reports: SimpleQueue[tuple[int, int] | BaseException | None] = SimpleQueue()

    def run() -> None:
        """Do the work in a thread, and pass on what comes of it."""
        try:
            work(lambda done, of: reports.put((done, of)))
            reports.put(None)
        except BaseException as error:  # raised where it is waited for
            reports.put(error)

    Thread(target=run, name="following", daemon=True).start()
    while (report := reports.get()) is not None:
        if isinstance(report, BaseException):
            raise report
        yield report
