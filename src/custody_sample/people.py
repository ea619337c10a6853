"""The customers, each made from the seed and a place in the list alone, so that any one can be made again.

Rarities are shares (chance.Share), so each is met in a small sample too. Nobody turns 14 or 18 between the export and
the end of 2026: a count of minors does not hang on the day a deal closes.
"""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Final

from custody_sample import identity, names, numbers, places, remarks
from custody_sample.chance import Share, day, pick, stream
from custody_sample.company import AS_OF
from custody_sample.person import Person

_EVERY: Final[dict[str, tuple[int, int | None]]] = {  # one in so many, in this lane
    "staff": (800, 0), "lead": (100, 0), "under 14": (60, 1), "14 to 17": (50, 2), "no age": (60, 3), "child abroad": (200, 3),
    "abroad": (14, 4), "no residence": (90, 5), "expatriate": (80, 5), "duplicate": (70, 6), "wrong check": (60, 7),
    "full width": (60, 7), "masked": (25, 8), "trailing space": (50, 8), "fifteen": (70, 9), "rare name": (80, 9),
    "two-line remark": (100, 9), "objector": (45, None), "remark": (3, None),
}  # fmt: skip
_LONE: Final = 6
"""Of the children under 14 one in so many has no guardian on file."""
_BORN: Final = {
    "under 14": (date(2013, 1, 1), date(2019, 12, 31)),
    "14 to 17": (date(2009, 1, 1), date(2012, 3, 1)),
    "adult": (date(1946, 1, 1), date(2007, 12, 31)),
}
_TIERS: Final = (("普通", 620), ("银卡", 230), ("金卡", 120), ("黑金", 30))
_SOURCES: Final = (("门店", 340), ("网店", 380), ("小程序", 180), ("书展", 60), ("朋友推荐", 40))
_MARKETING: Final = (("是", 560), ("否", 340), ("", 100))
_GENDER: Final = {True: (*["男"] * 9, "M", "M", ""), False: (*["女"] * 9, "F", "F", "")}
_DOMAINS: Final = ("example.com", "example.org", "example.net", "mail.example.com")


class People:
    """`total` customers of one seed."""

    def __init__(self, seed: int, total: int) -> None:
        self.seed, self.total = seed, total
        self.shares = {name: Share(seed, name, total, every, lane) for name, (every, lane) in _EVERY.items()}

    def number(self, index: int) -> str:
        """The customer number; it never repeats below a hundred million."""
        return f"QH{index + 1:07d}"

    def person(self, index: int) -> Person:
        """The customer at this place. Some are in the list twice, under another number."""
        twin = self._twin(index)
        return self._fresh(index) if twin is None else self._again(index, twin)

    def _twin(self, index: int) -> int | None:
        """Whom this customer is once more; the neighbour is in another lane, so never a duplicate."""
        return index - 1 if self.shares["duplicate"].has(index) else None

    def _again(self, index: int, twin: int) -> Person:
        first, rng = self._fresh(twin), stream(self.seed, "again", index)
        traits = first.traits - {"two-line remark", "staff", "lead"} | {"duplicate"}
        return replace(
            first,
            number=self.number(index),
            email=f"{names.login(rng, index)}@example.com",
            joined=day(rng, first.joined, AS_OF),
            source="小程序",
            tier="普通",
            remark="",
            remark_kind="blank",
            traits=traits,
        )

    def _fresh(self, index: int) -> Person:
        rng = stream(self.seed, "person", index)
        group, town, foreign = self._group(index)
        traits = {name for name in ("staff", "lead", "rare name", "full width") if self.shares[name].has(index)}
        male, born, where = rng.randrange(2) == 0, day(rng, *_BORN[group]), rng.choice(places.DISTRICTS)
        rarity = next((kind for kind in ("wrong check", "masked", "fifteen") if self.shares[kind].has(index)), "")
        hidden = group == "adult" and self.shares["no age"].has(index)
        id_kind = "blank" if hidden else identity.id_kind(rng, abroad=foreign, rarity=rarity)
        birth_kind = identity.birth_kind(rng, must=group != "adult" or id_kind != "valid", never=hidden)
        bank, card = numbers.card(rng) if rng.randrange(10) < 7 and group != "under 14" else ("", "")
        guardian, guardian_phone = self._guardian(rng, index, group)
        remark_kind, remark = self._remark(rng, index, traits)
        province, city, address, country, place = self._home(rng, index, where, town)
        return Person(
            number=self.number(index),
            name=self._name(rng, index, town.country if town else "US" if foreign else "", male=male, traits=traits),
            phone=self._phone(rng, town, traits),
            id_number=identity.id_number(rng, id_kind, where.code, born, male=male),
            birth=identity.birth(birth_kind, born),
            gender=rng.choice(_GENDER[male]),
            email=f"{names.login(rng, index)}@{rng.choice(_DOMAINS)}" if rng.randrange(5) else "",
            wechat=f"wx_{rng.randrange(16**8):08x}" if not foreign and rng.randrange(2) else "",
            province=province,
            city=city,
            address=address,
            country=country,
            bank=bank,
            card=card,
            tier=pick(rng, _TIERS),
            joined=day(rng, max(date(2016, 5, 1), born), AS_OF),
            source=pick(rng, _SOURCES),
            marketing=pick(rng, _MARKETING),
            guardian=guardian,
            guardian_phone=guardian_phone,
            remark=remark,
            place=place,
            dial=where.dial,
            born=born,
            id_kind=id_kind,
            birth_kind=birth_kind,
            remark_kind=remark_kind,
            traits=frozenset(traits),
        )

    def _group(self, index: int) -> tuple[str, places.Town | None, bool]:
        """(age group, town abroad, whether the name is foreign)."""
        group = next((name for name in ("under 14", "14 to 17") if self.shares[name].has(index)), "adult")
        rank = self.shares["abroad"].rank(index)
        if self.shares["child abroad"].has(index):
            group, rank = "under 14", index
        town = None if rank is None else places.TOWNS[rank % len(places.TOWNS)]
        return group, town, town is not None or self.shares["expatriate"].has(index)

    def _name(self, rng: Random, index: int, country: str, *, male: bool, traits: set[str]) -> str:
        rank = self.shares["rare name"].rank(index)
        if country:
            traits.discard("rare name")
            name = names.foreign(rng, country)
        else:
            name = names.chinese(rng, male=male) if rank is None else names.rare(rng, rank, male=male)
        if self.shares["trailing space"].has(index):
            traits.add("trailing space")
            return name + rng.choice((" ", "  ", "\u3000"))
        return name

    @staticmethod
    def _phone(rng: Random, town: places.Town | None, traits: set[str]) -> str:
        if town:
            traits.discard("full width")
            return numbers.phone_abroad(rng, town.country)
        plain = numbers.mobile(rng)
        return plain.translate(_FULL) if "full width" in traits else plain

    def _guardian(self, rng: Random, index: int, group: str) -> tuple[str, str]:
        if group != "under 14" or (self.shares["under 14"].rank(index) or 0) % _LONE == 1:
            return "", ""
        return names.chinese(rng, male=rng.randrange(2) == 0), numbers.mobile(rng)

    def _remark(self, rng: Random, index: int, traits: set[str]) -> tuple[str, str]:
        if self.shares["two-line remark"].has(index):
            traits.add("two-line remark")
            return "phone", f"{remarks.remark(rng, 'phone')}\n{remarks.remark(rng, 'plain')}"
        if "staff" in traits:
            return "plain", "内部员工价"
        rank = self.shares["remark"].rank(index)
        if rank is None:
            return "blank", ""
        kind = remarks.KINDS[rank % len(remarks.KINDS)]
        return kind, remarks.remark(rng, kind)

    def _home(
        self, rng: Random, index: int, where: places.District, town: places.Town | None
    ) -> tuple[str, str, str, str, str]:
        """(province, city, address, country as written, country of residence)."""
        if town:
            return town.region, town.city, places.address_abroad(rng, town), rng.choice(town.written), town.country
        if self.shares["no residence"].has(index):
            return "", "", "", "", ""
        address = places.address(rng, where) if rng.randrange(12) else ""
        return where.province, where.city, address, rng.choice(("中国", "中国", "CN", "")), "CN"


_FULL: Final = str.maketrans("0123456789", "０１２３４５６７８９")
