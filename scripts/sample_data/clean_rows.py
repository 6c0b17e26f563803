"""Rows as they should have been exported: values in their canonical form, keyed by column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from scripts.sample_data import names

Value = str | Decimal | date
Row = dict[str, Value]

_NIT_WEIGHTS = (41, 37, 29, 23, 19, 17, 13, 7, 3)
_KWH = {"residencial": (90, 420), "comercial": (900, 18_000), "industrial": (25_000, 240_000)}
_COP = {"residencial": (690, 890), "comercial": (620, 820), "industrial": (480, 640)}
_GENERATION_COP = {
    "hidroeléctrica": (190, 310), "solar": (210, 290), "eólica": (220, 300), "térmica": (380, 640),
    "biomasa": (260, 360), "geotérmica": (280, 380), "nuclear": (300, 420),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody who buys or sells."""

    suppliers: list[Row]
    clients: list[Row]


def make_parties(random: Random, clients: int) -> Parties:
    """Every supplier of `names.GENERATORS`, shuffled, and so many clients."""
    pairs = [(kind, name) for kind, listed in names.GENERATORS.items() for name in listed]
    random.shuffle(pairs)
    suppliers: list[Row] = [
        {
            "proveedor_id": f"PRV-{number:03d}",
            "nombre_proveedor": f"{name} S.A. E.S.P.",
            "tipo_energia": kind,
            "fecha_registro": _day_between(random, date(2008, 1, 1), date(2025, 6, 30)),
        }
        for number, (kind, name) in enumerate(pairs, start=1)
    ]
    return Parties(suppliers, [_client(random, number) for number in range(1, clients + 1)])


def make_transaction(random: Random, number: int, parties: Parties, until: date) -> Row:
    """A transaction in the month before `until`: one in five is a purchase, the rest are sales."""
    row: Row = {"transaccion_id": f"TRX-2025-{number:06d}"}
    if random.random() < 0.2:
        supplier = random.choice(parties.suppliers)
        kind, party = str(supplier["tipo_energia"]), supplier["proveedor_id"]
        kwh, cop, direction = (50_000, 2_400_000), _GENERATION_COP[kind], "compra"
    else:
        client = random.choice(parties.clients)
        segment, party = str(client["segmento"]), client["cliente_id"]
        kind = str(random.choice(parties.suppliers)["tipo_energia"])
        kwh, cop, direction = _KWH[segment], _COP[segment], "venta"
    return row | {
        "tipo_transaccion": direction,
        "id_cliente_proveedor": party,
        "cantidad_comprada_kwh": _decimal(random, *kwh, places=3),
        "precio_kwh_cop": _decimal(random, *cop, places=2),
        "tipo_energia": kind,
        "fecha_transaccion": until - timedelta(days=random.randrange(1, 30)),
    }


def nit(number: int) -> str:
    """A company's tax number with the check digit that DIAN's rule gives it."""
    rest = sum(int(digit) * weight for digit, weight in zip(f"{number:09d}", _NIT_WEIGHTS, strict=True)) % 11
    return f"{number:09d}-{rest if rest < 2 else 11 - rest}"


def _client(random: Random, number: int) -> Row:
    segment = random.choices(("residencial", "comercial", "industrial"), (70, 22, 8))[0]
    kind, identification, name = _identity(random, segment)
    cities, weights = zip(*names.CITIES, strict=True)
    return {
        "cliente_id": f"CLI-{number:05d}",
        "tipo_identificacion": kind,
        "identificacion": identification,
        "nombre": name,
        "ciudad": random.choices(cities, weights)[0],
        "segmento": segment,
        "fecha_registro": _day_between(random, date(2012, 1, 1), date(2025, 7, 20)),
    }


def _identity(random: Random, segment: str) -> tuple[str, str, str]:
    """Kind of document, its number, and the name on it."""
    if segment == "residencial":
        person = f"{random.choice(names.FIRST_NAMES)} {random.choice(names.SURNAMES)}"
        kind = "CE" if random.random() < 0.05 else "CC"
        number = random.randrange(100_000, 999_999) if kind == "CE" else random.randrange(10**9, 12 * 10**8)
        return kind, str(number), f"{person} {random.choice(names.SURNAMES)}"
    if segment == "comercial":
        name = f"{random.choice(names.SHOPS)} {random.choice(names.SHOP_NAMES)} S.A.S."
    else:
        name = f"{random.choice(names.FACTORIES)} {random.choice(names.FACTORY_NAMES)} S.A."
    return "NIT", nit(random.randrange(800_000_000, 901_999_999)), name


def _day_between(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randrange((last - first).days + 1))


def _decimal(random: Random, low: int, high: int, *, places: int) -> Decimal:
    scale = 10**places
    return Decimal(random.randrange(low * scale, high * scale)).scaleb(-places)
