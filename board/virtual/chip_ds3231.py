"""A DS3231 clock chip with a battery, as seen from its I2C bus.

Takes register reads and writes; gives BCD time that follows the world's clock. Source: Maxim
DS3231 data sheet 19-5170, registers 00..12: writing the time restarts the second, OSF (0F bit 7)
is set by a stop of the oscillator and only ever cleared from the bus, EOSC (0E bit 7) stops it on
battery, the century bit (05 bit 7) turns when the year goes from 99 to 00.
"""

SECONDS, HOURS, WEEKDAY, DATE, MONTH, YEAR, CONTROL, STATUS = 0, 2, 3, 4, 5, 6, 0x0E, 0x0F
REGISTERS = 0x13
OSF, EOSC = 0x80, 0x80
TWELVE, PM = 0x40, 0x20
CENTURY = 0x80
CENTURY_DAYS = 36525  # 2000-01-01 to 2100-01-01
FOUR_YEARS = 1461
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def bcd(number):
    """-> 0..99 as two decimal digits."""
    return number // 10 << 4 | number % 10


def binary(digits):
    """-> the number that two BCD digits stand for."""
    return (digits >> 4) * 10 + (digits & 0x0F)


def month_days(year, month):
    """-> days of a month; the chip takes every fourth year for a leap year."""
    return 29 if month == 2 and year % 4 == 0 else MONTH_DAYS[month - 1]


class DS3231:
    """Keeps time without mains: days since 2000-01-01 and the second, as the chip believes."""

    def __init__(self, world):
        self._world = world
        self._registers = bytearray(REGISTERS)
        self._registers[CONTROL] = 0x1C
        self._pointer = 0
        self._twelve = False
        self._weekday_shift = 0
        self._stands = False  # the oscillator
        self.garbled = {}  # what reads give instead, {register: value}
        day, second = world.utc()
        self._follow(day, second)

    def _follow(self, day, second):
        """The chip's time is this now, at the start of a second."""
        self._day, self._second, self._since_ms = day, second, self._world.t_ms
        self._dated = None  # the day that the date registers show

    def _now(self):
        """-> (day, second) that the chip believes."""
        if self._stands:
            return self._day, self._second
        seconds = self._second + (self._world.t_ms - self._since_ms) // 1000
        return self._day + seconds // 86400, seconds % 86400

    def lose(self):
        """Battery and supply were gone for a moment."""
        self._registers[STATUS] |= OSF
        self._twelve = False
        self._follow(0, 0)

    def step(self, seconds):
        """Somebody or something moved the time; the stop flag knows nothing of it."""
        second = self._second + seconds
        self._day, self._second = self._day + second // 86400, second % 86400

    def stop(self):
        """The oscillator stands still from now on, whatever is written."""
        day, second = self._now()
        self._stands = True
        self._registers[STATUS] |= OSF
        self._follow(day, second)

    def start(self):
        """It swings again."""
        if self._stands:
            self._stands = False
            self._follow(self._day, self._second)

    def lose_power(self):
        """On battery from now on: with EOSC set it stands still."""
        if self._registers[CONTROL] & EOSC:
            self.stop()

    def get_power(self):
        """Off the battery."""
        if self._registers[CONTROL] & EOSC:
            self.start()

    def i2c_write(self, data):
        """One write transaction: a register address, then values."""
        if not len(data):
            return  # its address was called, and it answered
        self._pointer = data[0] % REGISTERS
        if len(data) > 1:
            self._load_time()
            touched = False
            for i in range(1, len(data)):
                touched = touched or self._pointer <= YEAR
                self._write(self._pointer, data[i])
                self._pointer = (self._pointer + 1) % REGISTERS
            if touched:
                self._store_time()

    def i2c_read(self, buf):
        """One read transaction, from the register address on; the time is that of its start."""
        self._load_time()
        if self.garbled:
            self._garble(buf)
            return
        for i in range(len(buf)):
            buf[i] = self._registers[self._pointer]
            self._pointer = (self._pointer + 1) % REGISTERS

    def _garble(self, buf):
        for i in range(len(buf)):
            buf[i] = self.garbled.get(self._pointer, self._registers[self._pointer])
            self._pointer = (self._pointer + 1) % REGISTERS

    def _write(self, register, value):
        if register == STATUS:  # OSF can only be cleared
            value = value & ~OSF | self._registers[STATUS] & (value | self._stands * OSF) & OSF
        self._registers[register] = value & 0xFF

    def _load_time(self):
        """Registers 00..06 from the running time."""
        day, second = self._now()
        r = self._registers
        r[0], r[1] = bcd(second % 60), bcd(second // 60 % 60)
        hour = second // 3600
        r[HOURS] = bcd(hour)
        if self._twelve:
            r[HOURS] = TWELVE | (PM if hour >= 12 else 0) | bcd((hour + 11) % 12 + 1)
        if day != self._dated:
            self._dated = day
            self._load_date(day)

    def _load_date(self, day):
        """Registers 03..06: day of the week, date, month with century, year."""
        r = self._registers
        r[WEEKDAY] = (day + self._weekday_shift) % 7 + 1
        century, day = day // CENTURY_DAYS % 2, day % CENTURY_DAYS
        year, month = day // FOUR_YEARS * 4, 1
        day %= FOUR_YEARS
        while day >= month_days(year, month):
            day -= month_days(year, month)
            month += 1
            if month == 13:
                year, month = year + 1, 1
        r[DATE], r[MONTH], r[YEAR] = bcd(day + 1), bcd(month) | century * CENTURY, bcd(year)

    def _store_time(self):
        """The running time from registers 00..06; nonsense in them makes a nonsense time."""
        r = self._registers
        hour = binary(r[HOURS] & 0x3F)
        self._twelve = bool(r[HOURS] & TWELVE)
        if self._twelve:
            hour = binary(r[HOURS] & 0x1F) % 12 + (12 if r[HOURS] & PM else 0)
        year, month = binary(r[YEAR]), binary(r[MONTH] & 0x1F)
        day = year * 365 + (year + 3) // 4 + binary(r[DATE]) - 1
        for earlier in range(1, month):
            day += month_days(year, earlier)
        day += CENTURY_DAYS if r[MONTH] & CENTURY else 0
        self._follow(day, hour * 3600 + binary(r[1]) * 60 + binary(r[0]))
        self._weekday_shift = (r[WEEKDAY] - 1 - day) % 7
