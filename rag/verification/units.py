"""Units of measure and money: which names are one unit, and how units of one family convert."""

from __future__ import annotations

import re

_FAMILIES: dict[str, dict[str, tuple[float, str]]] = {
    "length": {
        "km": (1000, "km kms kilometre kilometres kilometer kilometers"),
        "m": (1, "m metre metres meter meters"),
        "cm": (0.01, "cm centimetre centimetres centimeter centimeters"),
        "mm": (0.001, "mm millimetre millimetres millimeter millimeters"),
        "nm": (1e-9, "nm nanometre nanometres nanometer nanometers"),
        "micrometre": (1e-6, "µm micrometre micrometres micrometer micrometers micron microns"),
    },
    "miles": {"mile": (1, "mi mile miles"), "yard": (1 / 1760, "yd yard yards")},
    "feet": {"foot": (12, "ft foot feet"), "inch": (1, "inch inches")},
    "nautical": {"nautical mile": (1, "nautical-mile nautical-miles")},
    "light": {"light-year": (1, "light-year light-years"), "au": (63241.0, "au astronomical-unit astronomical-units")},
    "mass": {
        "t": (1e6, "t tonne tonnes"),
        "kg": (1000, "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes"),
        "g": (1, "g gram grams gramme grammes"),
        "mg": (1e-3, "mg milligram milligrams"),
        "µg": (1e-6, "µg mcg microgram micrograms"),
    },
    "ton": {"ton": (1, "ton tons")},
    "pounds": {"pound": (1, "lb lbs pound pounds")},
    "ounces": {"ounce": (1, "oz ounce ounces")},
    "stone": {"stone": (1, "stone")},
    "volume": {
        "l": (1, "l litre litres liter liters"),
        "ml": (1e-3, "ml millilitre millilitres milliliter milliliters"),
        "cl": (1e-2, "cl centilitre centilitres"),
        "hl": (100, "hl hectolitre hectolitres"),
        "km3": (1e12, "km³ km3 cubic-kilometre cubic-kilometres cubic-kilometer cubic-kilometers"),
        "m3": (1000, "m³ m3 cubic-metre cubic-metres cubic-meter cubic-meters"),
    },
    "gallons": {"gallon": (8, "gallon gallons"), "pint": (1, "pint pints"), "quart": (2, "quart quarts")},
    "barrels": {"barrel": (1, "barrel barrels")},
    "cubic feet": {"cubic foot": (1, "cubic-foot cubic-feet")},
    "area": {
        "km2": (1e6, "km² km2 square-kilometre square-kilometres square-kilometer square-kilometers"),
        "ha": (1e4, "ha hectare hectares"),
        "m2": (1, "m² m2 square-metre square-metres square-meter square-meters"),
    },
    "acres": {"acre": (1, "acre acres"), "square mile": (640, "square-mile square-miles")},
    "square feet": {"square foot": (1, "square-foot square-feet")},
    "time": {
        "millisecond": (1e-3, "ms millisecond milliseconds"),
        "second": (1, "s sec secs second seconds"),
        "minute": (60, "min mins minute minutes"),
        "hour": (3600, "h hr hrs hour hours"),
        "day": (86400, "day days"),
        "week": (7 * 86400, "week weeks fortnight fortnights"),
    },
    "months": {
        "month": (1, "month months"),
        "quarter": (3, "quarter-year"),
        "year": (12, "year years yr yrs"),
        "decade": (120, "decade decades"),
        "century": (1200, "century centuries"),
        "millennium": (12000, "millennium millennia"),
    },
    "power": {
        "GW": (1e9, "gw gigawatt gigawatts"),
        "MW": (1e6, "mw megawatt megawatts"),
        "kW": (1e3, "kw kilowatt kilowatts"),
        "W": (1, "w watt watts"),
        "TW": (1e12, "tw terawatt terawatts"),
    },
    "energy": {
        "TWh": (1e12, "twh terawatt-hour terawatt-hours"),
        "GWh": (1e9, "gwh gigawatt-hour gigawatt-hours"),
        "MWh": (1e6, "mwh megawatt-hour megawatt-hours"),
        "kWh": (1e3, "kwh kilowatt-hour kilowatt-hours"),
    },
    "calories": {"kcal": (1, "kcal calorie calories kilocalorie kilocalories")},
    "joules": {
        "kJ": (1e3, "kj kilojoule kilojoules"),
        "J": (1, "joule joules"),
        "MJ": (1e6, "mj megajoule megajoules"),
    },
    "voltage": {"V": (1, "v volt volts"), "kV": (1e3, "kv kilovolt kilovolts")},
    "frequency": {
        "Hz": (1, "hz hertz"),
        "kHz": (1e3, "khz kilohertz"),
        "MHz": (1e6, "mhz megahertz"),
        "GHz": (1e9, "ghz gigahertz"),
    },
    "data": {
        "TB": (1e12, "tb terabyte terabytes"),
        "GB": (1e9, "gb gigabyte gigabytes"),
        "MB": (1e6, "mb megabyte megabytes"),
        "KB": (1e3, "kb kilobyte kilobytes"),
    },
    "bits": {"Mbit": (1e6, "mbit megabit megabits"), "Gbit": (1e9, "gbit gigabit gigabits")},
    "sound": {"dB": (1, "db decibel decibels")},
    "pressure": {"bar": (1e5, "bar bars"), "hPa": (100, "hpa hectopascal hectopascals"), "kPa": (1e3, "kpa")},
    "celsius": {"°C": (1, "°c degrees-celsius degrees-centigrade celsius centigrade degree-celsius")},
    "fahrenheit": {"°F": (1, "°f degrees-fahrenheit fahrenheit degree-fahrenheit")},
    "kelvin": {"K": (1, "kelvin kelvins")},
    "degrees": {"degree": (1, "° degree degrees")},
    "speed": {
        "km/h": (1, "km/h kph kmh kilometres-per-hour kilometers-per-hour kilometres-an-hour kilometers-an-hour"),
        "m/s": (3.6, "m/s metres-per-second meters-per-second"),
    },
    "mph": {"mph": (1, "mph miles-per-hour miles-an-hour")},
    "knots": {"knot": (1, "knot knots")},
    "share": {"%": (1, "% percent per-cent pct")},
    "points": {
        "percentage point": (1, "percentage-point percentage-points pp %-points"),
        "basis point": (0.01, "basis-point basis-points bp bps"),
    },
    "dollar": {
        "dollar": (1, "$ us$ usd dollar dollars us-dollar us-dollars"),
    },
    "cents": {"cent": (0.01, "cent cents")},
    "euro": {"euro": (1, "€ eur euro euros")},
    "sterling": {"sterling": (1, "£ gbp pounds-sterling"), "pence": (0.01, "p pence penny")},
    "yen": {"yen": (1, "¥ jpy yen")},
    "won": {"won": (1, "₩ krw won")},
    "yuan": {"yuan": (1, "cny yuan renminbi")},
    "rupee": {"rupee": (1, "₹ inr rupee rupees")},
    "franc": {"franc": (1, "chf franc francs swiss-francs")},
    "krona": {"krona": (1, "kr sek nok dkk czk krona kronor krone kroner kronur crown crowns koruna korunas koruny")},
    "zloty": {"zloty": (1, "pln zloty zlotys")},
    "rouble": {"rouble": (1, "₽ rub rouble roubles ruble rubles")},
    "lira": {"lira": (1, "lira liras")},
    "peso": {"peso": (1, "peso pesos")},
    "real": {"real": (1, "brl reais")},
    "rand": {"rand": (1, "zar rand")},
    "shekel": {"shekel": (1, "₪ shekel shekels")},
    **{
        name: {name: (1, f"{name} {name}s")}
        for name in (
            "guinea shilling farthing florin guilder drachma peseta dinar dirham ducat thaler forint hryvnia baht escudo"
        ).split()
    },
}
UNITS: dict[str, tuple[str, float]] = {
    name: (family, 2 * 7 * 86400.0 if name.startswith("fortnight") else factor)
    for family, units in _FAMILIES.items()
    for factor, names in units.values()
    for name in names.split()
}
"""Name of a unit in small letters, words joined by "-", to its family and its size within the family."""

_BY_LENGTH = sorted(UNITS, key=len, reverse=True)
UNIT_PATTERN = "|".join(re.escape(name).replace(r"\-", r"[- ]") for name in _BY_LENGTH)
"""An alternation of all names, the longest first; matched without regard to case."""
CURRENCY_SIGNS = r"(?:US\$|A\$|C\$|[$€£¥₩₹₽₪]|CHF|USD|EUR|GBP|SEK|NOK|DKK)"
_SHARED = (
    ("sterling", "pounds"),
    ("celsius", "degrees"),
    ("fahrenheit", "degrees"),
    ("cents", "dollar"),
    ("cents", "euro"),
)
SAME = {frozenset(pair) for pair in _SHARED}
"""Families that a text may name by one word: "pounds" are money or weight, "degrees" of either scale, "cents" of either money."""


def unit_of(name: str) -> tuple[str, float] | None:
    """Family and size of the unit that `name` names; None for any other word.

    >>> unit_of("kilometres"), unit_of("square metres"), unit_of("sheep")
    (('length', 1000), ('area', 1), None)
    """
    return UNITS.get(re.sub(r"\s+", "-", name.strip().lower()))


def same_family(one: str, other: str) -> bool:
    """Whether two families may be one: the same, or a word that stands for both.

    >>> same_family("sterling", "pounds"), same_family("length", "miles")
    (True, False)
    """
    return one == other or frozenset((one, other)) in SAME
