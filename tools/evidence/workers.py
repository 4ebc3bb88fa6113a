"""Who runs the units: processes on all cores of this machine, or a Dask cluster.

Gives an executor of concurrent.futures and how many units it runs at once; both kinds are closed
at the end of the block, at once when it ends with an exception.
"""

import contextlib
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor

from tools.errors import UserError
from tools.evidence import checks, source

CLUSTER_WAIT_S = 30
# Signals that end the command are for the command alone: it lets the workers end their units.
ENDING = (signal.SIGINT, signal.SIGTERM)


def cores():
    """How many this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextlib.contextmanager
def shielded():
    """Processes started in this block do not hear Ctrl-C; this one hears it afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def local(count):
    """Processes of this machine."""
    pool = ProcessPoolExecutor(
        count, multiprocessing.get_context("spawn"), initializer=checks.die_with_parent
    )
    try:
        yield pool, count
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown()


@contextlib.contextmanager
def dask(address, count):
    """A Dask cluster: the one at `address`, or `count` processes of this machine.

    Its workers must have this folder, at the same commit."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise UserError("--dask needs the extra `cluster`: pip install -e '.[cluster]'") from None
    with contextlib.ExitStack() as stack:
        with shielded():
            cluster = address or stack.enter_context(
                LocalCluster(
                    n_workers=count, threads_per_worker=1, dashboard_address=None,
                    silence_logs="CRITICAL",
                )  # fmt: skip
            )
        try:
            client = stack.enter_context(Client(cluster, timeout=CLUSTER_WAIT_S))
        except (OSError, ValueError) as error:
            raise UserError(f"no Dask cluster answers at {address}: {error}") from None
        there = client.run(source.commit)
        if not there:
            raise UserError(f"the Dask cluster at {address} has no workers")
        strange = set(there.values()) - {source.commit()}
        if strange:
            raise UserError(f"workers of the cluster are at another commit: {', '.join(strange)}")
        yield client.get_executor(pure=False, retries=0), sum(client.ncores().values())
