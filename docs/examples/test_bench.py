"""What a bench may ask of a meter. Run: pytest docs/examples --port build/lab/lab (or /dev/ttyUSB0)."""

HOUR_MS = 3_600_000


def test_two_hours_of_kettle_cost_six_kilowatt_hours(meter):
    meter.load(3000)
    meter.wait(2 * HOUR_MS)
    state = meter.observe()
    assert state["energy_wh"] == 6000
    assert state["balance_mp"] == 500_000 - 6 * 24_500


def test_button_a_goes_on_to_the_next_screen(meter):
    first = meter.text()
    meter.press("A")
    assert meter.text() != first
    assert any(meter.cells())


def test_the_relay_opens_when_it_is_told_to_and_no_energy_flows(meter):
    meter.load(3000)
    assert meter.command("disable") == "done"
    meter.wait(70_000)  # a relay that was just moved rests for a minute
    assert meter.contact() in (0, -1)
    before_wh = meter.observe()["energy_wh"]
    meter.wait(HOUR_MS)
    assert meter.observe()["energy_wh"] == before_wh
