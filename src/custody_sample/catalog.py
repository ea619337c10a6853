"""What the shop sells. Titles are composed, not taken from any catalogue."""

from dataclasses import dataclass
from typing import Final

from custody_sample import numbers
from custody_sample.chance import stream

CATEGORIES: Final = (
    (1, "图书", "Books", None),
    (2, "文学", "Literature", 1),
    (3, "推理", "Mystery", 1),
    (4, "历史", "History", 1),
    (5, "科普", "Popular science", 1),
    (6, "童书", "Children's books", 1),
    (7, "外文原版", "Foreign editions", 1),
    (8, "文具", "Stationery", None),
    (9, "读书会", "Reading club", None),
)
_HEADS: Final = ("雨巷", "长夜", "群山", "灯塔", "旧城", "月台", "溪流", "星图", "小径", "南风", "书页", "渡口")
_TAILS: Final = ("来信", "手记", "往事", "之外", "百问", "漫步", "地图", "的孩子", "简史", "与猫")


@dataclass(frozen=True, slots=True)
class Product:
    """`weight` in kilograms; None where nobody weighed it."""

    sku: str
    title: str
    category: int
    price: float
    stock: int
    weight: float | None


def products(seed: int) -> tuple[Product, ...]:
    """120 articles."""
    made = []
    for place, (head, tail) in enumerate((head, tail) for head in _HEADS for tail in _TAILS):
        rng = stream(seed, "product", place)
        weight = None if rng.randrange(9) == 0 else rng.randrange(120, 1500) / 1000
        price = rng.randrange(1800, 16800, 10) / 100
        made.append(Product(numbers.isbn(place), head + tail, 2 + place % 8, price, rng.randrange(200), weight))
    return tuple(made)
