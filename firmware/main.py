from esp32_board import Board
from shilling.app import App

meter = App(Board())
meter.run()
