"""What is true of a sample: counted while it is written, for a test to compare with what a reader found."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date

from custody_sample.company import AS_OF
from custody_sample.person import Person, age

MEMBERS = "会员"
ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A row that cannot be taken in as it stands.

    `line` is the physical line (CSV) or sheet row (XLSX) it starts on, counted from 1; `row` counts data rows from 1.
    `reason`: undecodable, too few cells, too many cells, quote, number damaged. `column` for a damaged number.
    """

    table: str
    file: str
    line: int
    row: int
    reason: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """True counts of one sample.

    Everything about customers counts the `customers` that can be told apart: rows that are broken or share a customer
    number come on top of them. Statuses count well-formed rows.
    """

    customers: int
    seed: int
    as_of: str
    rows: dict[str, int]
    """Data rows by table, broken ones included; tables are `stem`, `book.sheet`, or a database's own table name."""
    broken: tuple[BrokenLine, ...]
    shared_keys: int
    shared_key_rows: dict[str, int]
    """Rows by table that belong to a customer number which two people hold."""
    orphans: dict[str, int]
    """Rows by table whose customer number is blank or nobody's."""
    quarantined: int
    """Rows that belong to nobody for certain: broken, of a shared number, or orphans; no row is counted twice."""
    duplicates: int
    """Customers who are in the list a second time under another number."""
    under_14: int
    under_14_without_guardian: int
    from_14_to_17: int
    age_unknown: int
    objectors: int
    abroad: int
    countries: dict[str, int]
    """Customers by country of residence, ISO 3166; "" when no row tells."""
    employees: int
    employees_who_are_customers: int
    prospects: int
    prospects_who_are_customers: int
    id_numbers: dict[str, int]
    birth_dates: dict[str, int]
    cards: int
    remarks: dict[str, int]
    rare_names: int
    trailing_spaces: int
    full_width_phones: int
    two_line_remarks: int
    order_status: dict[str, int]
    open_orders: int
    subscription_status: dict[str, int]
    case_status: dict[str, int]
    permissions: dict[str, int]
    """Marketing permissions given and refused."""

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


@dataclass(slots=True)
class Tally:
    """The counting while a sample is written."""

    rows: Counter[str] = field(default_factory=Counter)
    broken: list[BrokenLine] = field(default_factory=list)
    shared: Counter[str] = field(default_factory=Counter)
    orphans: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    ids: Counter[str] = field(default_factory=Counter)
    births: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)
    subscriptions: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    permissions: Counter[str] = field(default_factory=Counter)
    shared_keys: int = 0

    def customer(self, person: Person) -> None:
        """Count one customer that can be told apart."""
        years = age(person.born, AS_OF)
        self.people.update(person.traits)
        self.people.update(
            {
                "under 14": years < 14,
                "lone": years < 14 and not person.guardian,
                "14 to 17": 14 <= years < 18,
                "no age": not person.age_known,
                "card": bool(person.card),
            }
        )
        self.countries[person.place] += 1
        self.ids[person.id_kind] += 1
        self.births[person.birth_kind] += 1
        self.remarks[person.remark_kind] += 1

    def facts(self, customers: int, seed: int, as_of: date) -> SampleFacts:
        """The finished counts."""
        people, status = self.people, self.orders
        return SampleFacts(
            customers=customers,
            seed=seed,
            as_of=as_of.isoformat(),
            rows=dict(sorted(self.rows.items())),
            broken=tuple(self.broken),
            shared_keys=self.shared_keys,
            shared_key_rows=_plain(self.shared),
            orphans=_plain(self.orphans),
            quarantined=len(self.broken) + self.shared.total() + self.orphans.total(),
            duplicates=people["duplicate"],
            under_14=people["under 14"],
            under_14_without_guardian=people["lone"],
            from_14_to_17=people["14 to 17"],
            age_unknown=people["no age"],
            objectors=people["objector"],
            abroad=customers - self.countries["CN"] - self.countries[""],
            countries=_plain(self.countries),
            employees=self.rows["employees"],
            employees_who_are_customers=people["employee is customer"],
            prospects=self.rows["prospects"],
            prospects_who_are_customers=people["prospect is customer"],
            id_numbers=_plain(self.ids),
            birth_dates=_plain(self.births),
            cards=people["card"],
            remarks=_plain(self.remarks),
            rare_names=people["rare name"],
            trailing_spaces=people["trailing space"],
            full_width_phones=people["full width"],
            two_line_remarks=people["two-line remark"],
            order_status=_plain(status),
            open_orders=status["open"] + status["paid"] + status["shipped"],
            subscription_status=_plain(self.subscriptions),
            case_status=_plain(self.cases),
            permissions=_plain(self.permissions),
        )


def _plain(counter: Counter[str]) -> dict[str, int]:
    return {name: counter[name] for name in sorted(counter) if counter[name]}
