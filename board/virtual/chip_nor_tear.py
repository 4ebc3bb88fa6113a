"""What is left of a flash write when power goes in the middle of it, in five patterns.

Takes the bytes before and after the write and a seed; gives the mix, the same on every interpreter.
Source: RELIABILITY, the fault model.
"""

from hashlib import sha256

# What has happened of the bits that were to change, seen from the first byte's highest bit on
PATTERNS = ("nothing", "prefix", "suffix", "subset", "all")
DENSITIES = 5  # of a subset: from one bit of all to all but one


def noise(seed, size):
    """`size` bytes that follow from the seed (an int) and look random."""
    found = bytearray()
    while len(found) < size:
        found.extend(sha256(("%d %d" % (seed, len(found))).encode()).digest())
    return bytes(found[:size])


def bits_in_common(one, other):
    """The bytes whose bits are 1 in both."""
    both = int.from_bytes(one, "big") & int.from_bytes(other, "big")
    return both.to_bytes(len(one), "big")


def check_pattern(pattern):
    """Raises ValueError unless it is one."""
    if pattern not in PATTERNS:
        raise ValueError("no such pattern: " + str(pattern))


def tear(old, new, pattern, seed, erasing=None):
    """-> bytes: old on the way to new. erasing: None finds out from bits that go from 0 to 1.

    prefix and suffix break off at any bit between the first and the last that change; a torn erase
    can leave bytes behind that are neither.
    """
    check_pattern(pattern)
    if pattern == "nothing":
        return bytes(old)
    if pattern == "all":
        return bytes(new)
    was, becomes = int.from_bytes(old, "big"), int.from_bytes(new, "big")
    ones = (1 << 8 * len(old)) - 1
    if was == becomes and not erasing:
        return bytes(new)
    if pattern == "subset":
        if becomes & (was ^ ones) if erasing is None else erasing:
            return _torn_erase(old, seed)
        made = _subset(seed, len(old), was ^ becomes)
    else:
        after = 8 * len(old) - _middle(old, new, seed)  # bits behind the break
        made = ones >> after << after
        if pattern == "suffix":
            made ^= ones
    mixed = becomes & made | was & (made ^ ones)
    return mixed.to_bytes(len(old), "big")


def _middle(old, new, seed):
    """The number of bits before the break: some that change lie on each side, if there are two."""
    first, last = 0, 8 * len(old) - 1
    if old == new:
        return first
    while first < last and old[first >> 3] == new[first >> 3]:
        first += 8
    while last > first and old[last >> 3] == new[last >> 3]:
        last -= 8
    while first < last and not _changes(old, new, first):
        first += 1
    while last > first and not _changes(old, new, last):
        last -= 1
    place = int.from_bytes(noise(seed, 4), "big") & 0x3FFFFFFF
    return first + 1 + place % max(1, last - first)


def _changes(old, new, bit):
    return (old[bit >> 3] ^ new[bit >> 3]) >> 7 - (bit & 7) & 1


def _subset(seed, size, changing):
    """A mask of the bits that made it: some, half, most of them, one of all, or all but one."""
    density = noise(seed, 1)[0] % DENSITIES
    one, other = (int.from_bytes(noise(seed * 2 + n + 1, size), "big") for n in range(2))
    if density == 0:
        return one & other
    if density == 1:
        return one
    if density == 2:
        return one | other
    single = _one_of(changing, other % (8 * size), 8 * size)
    return single if density == 3 else changing ^ single


def _one_of(changing, place, bits):
    """A mask of the first bit that changes, from the place on and round again; 0 of none."""
    for _ in range(bits):
        if changing >> place & 1:
            return 1 << place
        place = (place + 1) % bits
    return 0


def _torn_erase(old, seed):
    """Each byte is as it was, erased, or anything."""
    mixed = bytearray(old)
    fate, anything = noise(seed, len(old)), noise(seed + 1, len(old))
    for at in range(len(old)):
        if fate[at] % 3:
            mixed[at] = 255 if fate[at] % 3 == 1 else anything[at]
    return bytes(mixed)
