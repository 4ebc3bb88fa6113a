"""The board of the tests: --port URL, any pyserial URL; without it they are skipped."""

import pytest

from tools.lab_port import LabPort

NOON = {"day": 9820, "second": 43200}  # Friday 2026-11-20, days since 2000-01-01, UTC


def pytest_addoption(parser):
    parser.addoption("--port", help="lab port of the meter: /dev/ttyUSB0, rfc2217://host:4000, a pty")


@pytest.fixture(scope="session")
def port(request):
    """The open lab port; the real meter goes on when the tests are over."""
    url = request.config.getoption("--port", default=None)
    if not url:
        pytest.skip("no board: say --port URL")
    with LabPort(url) as lab:
        yield lab


@pytest.fixture
def meter(port):
    """A fresh meter with £5.00 at 24.50 p/kWh. Its time stands still but in wait, press and hold."""
    port.new({**NOON, "balance_mp": 500_000, "rate_mp": 24_500})
    return port
