"""What was planted among the planted practices, so that anyone can check what is found."""

from __future__ import annotations

from functools import cache

from attrs import frozen

from phm_diabetes.demo.organisations import PlantedPractice, planted_practices

__all__ = ["Plant", "Truth", "planted_truth"]

_BOTH = ("dm.register", "ndh.register")
_DIABETES, _NON_DIABETIC = (_BOTH[0],), (_BOTH[1],)


@frozen(kw_only=True)
class Plant:
    """One departure from the rest, put there on purpose.

    Parameters
    ----------
    kind
        ``"low PCN"``, ``"hidden by the gate"``, ``"without a PCN"``, ``"young list"`` or
        ``"high Place"``.
    measures
        Registers concerned.
    factor
        What the expected register of each practice was multiplied by; 1 for a young list, whose
        people of each age are on the register as often as anybody's.
    practices
        Codes of the practices concerned.
    pcn
        Their PCN; ``None`` where they have none, or several.
    words
        The plant in a sentence.

    Examples
    --------
    >>> [plant.kind for plant in planted_truth().plants][:3]
    ['low PCN', 'hidden by the gate', 'without a PCN']
    """

    kind: str
    measures: tuple[str, ...]
    factor: float
    practices: tuple[str, ...]
    pcn: str | None
    words: str


@frozen(kw_only=True)
class Truth:
    """The planted England as it was made; all other practices differ by chance alone.

    Parameters
    ----------
    practices
        Every practice, with what it belongs to.
    plants
        Every departure.

    Examples
    --------
    >>> truth = planted_truth()
    >>> len(truth.practices), sorted({plant.kind for plant in truth.plants})[0]
    (300, 'hidden by the gate')
    """

    practices: tuple[PlantedPractice, ...]
    plants: tuple[Plant, ...]

    def of_kind(self, kind: str, measure: str) -> tuple[Plant, ...]:
        """Return the plants of one kind that concern a measure.

        Examples
        --------
        >>> [plant.pcn for plant in planted_truth().of_kind("low PCN", "ndh.register")]
        ['U99902', 'U99930']
        """
        return tuple(
            plant for plant in self.plants if plant.kind == kind and measure in plant.measures
        )

    def low_practices(self, measure: str) -> frozenset[str]:
        """Return the codes of practices whose register was made low on purpose.

        Those with a young list are left out: nothing is wrong with their registers.

        Examples
        --------
        >>> len(planted_truth().low_practices("dm.register"))
        13
        """
        low = [plant for plant in self.plants if plant.factor < 1 and measure in plant.measures]
        return frozenset(code for plant in low for code in plant.practices)


def _codes(*, pcn: str | None = None, place: str | None = None) -> tuple[str, ...]:
    """Practices of a PCN; of a Place; or, given neither, those of Planted Dudley without a PCN."""
    if place is not None:
        return tuple(each.code for each in planted_practices() if each.place == place)
    inside = (each for each in planted_practices() if each.pcn == pcn)
    return tuple(each.code for each in inside if pcn or each.place == "planted_dudley")


@cache
def planted_truth() -> Truth:
    """Return what was planted.

    Examples
    --------
    >>> len(planted_truth().plants)
    7
    """
    return Truth(
        practices=planted_practices(),
        plants=(
            Plant(
                kind="low PCN",
                measures=_BOTH,
                factor=0.72,
                practices=_codes(pcn="U99902")[:5],
                pcn="U99902",
                words="Five of its eight practices are low on both registers; three are not.",
            ),
            Plant(
                kind="hidden by the gate",
                measures=_BOTH,
                factor=0.65,
                practices=_codes(pcn="U99904")[:1],
                pcn="U99904",
                words="One practice is low on both registers, in a PCN that is not.",
            ),
            Plant(
                kind="without a PCN",
                measures=_BOTH,
                factor=0.65,
                practices=_codes(),
                pcn=None,
                words="One practice is low on both registers, and belongs to no PCN.",
            ),
            Plant(
                kind="low PCN",
                measures=_NON_DIABETIC,
                factor=0.78,
                practices=_codes(pcn="U99930"),
                pcn="U99930",
                words="All six practices are low on one register, and not on the other.",
            ),
            Plant(
                kind="low PCN",
                measures=_DIABETES,
                factor=0.8,
                practices=_codes(pcn="U99940"),
                pcn="U99940",
                words="All six practices are low on one register, outside the four Places.",
            ),
            Plant(
                kind="young list",
                measures=_BOTH,
                factor=1,
                practices=_codes(pcn="U99922"),
                pcn="U99922",
                words=(
                    "Few of its people are 50 or over, so its crude prevalence is low though "
                    "nobody is missing from a register."
                ),
            ),
            Plant(
                kind="high Place",
                measures=_DIABETES,
                factor=1.15,
                practices=_codes(place="planted_knowsley"),
                pcn=None,
                words="The whole Place is high on one register.",
            ),
        ),
    )
