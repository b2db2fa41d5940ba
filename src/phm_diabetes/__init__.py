"""From NHS files to the practices and PCNs that stand out, with the working shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from phm_diabetes.adapters.interviews import load_themes
    from phm_diabetes.adapters.local_scheme import LocalScheme
    from phm_diabetes.adapters.pathway_checks import checklist_markdown, load_checklist
    from phm_diabetes.adapters.templates import write_template
    from phm_diabetes.adapters.theme_pages import themes_markdown
    from phm_diabetes.agreement.reconciliation import Reconciliation
    from phm_diabetes.agreement.reconciling import reconcile
    from phm_diabetes.disease_areas.qof_mapped import qof_area
    from phm_diabetes.extract import Extract
    from phm_diabetes.geography import Geography
    from phm_diabetes.loading import load
    from phm_diabetes.metrics.beside import SideBySide, side_by_side
    from phm_diabetes.metrics.changing import change
    from phm_diabetes.metrics.costing import unit_costs
    from phm_diabetes.metrics.estimates import estimate
    from phm_diabetes.metrics.exclusions import exception_counts, intervention_counts
    from phm_diabetes.metrics.flowing import flows
    from phm_diabetes.metrics.held_against import against
    from phm_diabetes.metrics.inequalities import inequality
    from phm_diabetes.metrics.merging import merge_levels
    from phm_diabetes.metrics.missed_costs import cost_of_missed
    from phm_diabetes.metrics.odds_ratios import adjusted_odds
    from phm_diabetes.metrics.opportunities import opportunity
    from phm_diabetes.metrics.participation import coverage
    from phm_diabetes.metrics.pooling import pool_years
    from phm_diabetes.metrics.reference_populations import ESP2013, ReferencePopulation
    from phm_diabetes.metrics.repricing import price_difference
    from phm_diabetes.metrics.sharing import share_of
    from phm_diabetes.metrics.standardised import standardise
    from phm_diabetes.metrics.unmeasured import registered_counts
    from phm_diabetes.model.findings import Finding
    from phm_diabetes.model.levels import Level
    from phm_diabetes.model.measures import Definition, DiseaseArea, Measure
    from phm_diabetes.model.organisations import Organisation
    from phm_diabetes.model.periods import Period
    from phm_diabetes.model.places import DUDLEY, KNOWSLEY, LIVERPOOL, SEFTON, Place
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.outliers.calling import undecided
    from phm_diabetes.outliers.comparisons import compare
    from phm_diabetes.outliers.drill_sets import DrillSet
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.drilling import drill
    from phm_diabetes.outliers.expecting import expected_by_luck
    from phm_diabetes.outliers.explaining import explain
    from phm_diabetes.outliers.luck_found import Luck
    from phm_diabetes.outliers.pathway_found import Pathway
    from phm_diabetes.outliers.pathways import pathway
    from phm_diabetes.outliers.recurrent_found import Recurrent
    from phm_diabetes.outliers.recurring import recurrent
    from phm_diabetes.outliers.shortlisting import Shortlist
    from phm_diabetes.outliers.similarity import Similar, similar
    from phm_diabetes.outliers.stabilising import stability
    from phm_diabetes.outliers.stability_found import Stability
    from phm_diabetes.plugins import list_adapters, list_disease_areas
    from phm_diabetes.records.measures import Distinct, RecordMeasure, Rows, Total, Where
    from phm_diabetes.records.missing_again import repeat_missed
    from phm_diabetes.records.opened import Records
    from phm_diabetes.records.opening import open_records
    from phm_diabetes.records.spell_counting import spell_counts
    from phm_diabetes.records.spells import with_spells
    from phm_diabetes.records.stays import left_out_of_spells
    from phm_diabetes.records.tallying import tally
    from phm_diabetes.schemas.completing import counts_from
    from phm_diabetes.schemas.words import stack
    from phm_diabetes.tightening import Tightened, tighten

_HOMES = {
    "adapters.interviews": ("load_themes",),
    "adapters.local_scheme": ("LocalScheme",),
    "adapters.pathway_checks": ("checklist_markdown", "load_checklist"),
    "adapters.templates": ("write_template",),
    "adapters.theme_pages": ("themes_markdown",),
    "agreement.reconciliation": ("Reconciliation",),
    "agreement.reconciling": ("reconcile",),
    "disease_areas.qof_mapped": ("qof_area",),
    "extract": ("Extract",),
    "geography": ("Geography",),
    "loading": ("load",),
    "metrics.beside": ("SideBySide", "side_by_side"),
    "metrics.changing": ("change",),
    "metrics.costing": ("unit_costs",),
    "metrics.estimates": ("estimate",),
    "metrics.exclusions": ("exception_counts", "intervention_counts"),
    "metrics.flowing": ("flows",),
    "metrics.held_against": ("against",),
    "metrics.inequalities": ("inequality",),
    "metrics.merging": ("merge_levels",),
    "metrics.missed_costs": ("cost_of_missed",),
    "metrics.odds_ratios": ("adjusted_odds",),
    "metrics.opportunities": ("opportunity",),
    "metrics.participation": ("coverage",),
    "metrics.pooling": ("pool_years",),
    "metrics.reference_populations": ("ESP2013", "ReferencePopulation"),
    "metrics.repricing": ("price_difference",),
    "metrics.sharing": ("share_of",),
    "metrics.standardised": ("standardise",),
    "metrics.unmeasured": ("registered_counts",),
    "model.findings": ("Finding",),
    "model.levels": ("Level",),
    "model.measures": ("Definition", "DiseaseArea", "Measure"),
    "model.organisations": ("Organisation",),
    "model.periods": ("Period",),
    "model.places": ("DUDLEY", "KNOWSLEY", "LIVERPOOL", "SEFTON", "Place"),
    "model.policies": ("Policy",),
    "outliers.calling": ("undecided",),
    "outliers.comparisons": ("compare",),
    "outliers.drill_sets": ("DrillSet",),
    "outliers.drilled": ("Drill",),
    "outliers.drilling": ("drill",),
    "outliers.expecting": ("expected_by_luck",),
    "outliers.explaining": ("explain",),
    "outliers.luck_found": ("Luck",),
    "outliers.pathway_found": ("Pathway",),
    "outliers.pathways": ("pathway",),
    "outliers.recurrent_found": ("Recurrent",),
    "outliers.recurring": ("recurrent",),
    "outliers.shortlisting": ("Shortlist",),
    "outliers.similarity": ("Similar", "similar"),
    "outliers.stabilising": ("stability",),
    "outliers.stability_found": ("Stability",),
    "plugins": ("list_adapters", "list_disease_areas"),
    "records.measures": ("Distinct", "RecordMeasure", "Rows", "Total", "Where"),
    "records.missing_again": ("repeat_missed",),
    "records.opened": ("Records",),
    "records.opening": ("open_records",),
    "records.spell_counting": ("spell_counts",),
    "records.spells": ("with_spells",),
    "records.stays": ("left_out_of_spells",),
    "records.tallying": ("tally",),
    "schemas.completing": ("counts_from",),
    "schemas.words": ("stack",),
    "tightening": ("Tightened", "tighten"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "DUDLEY",
    "ESP2013",
    "KNOWSLEY",
    "LIVERPOOL",
    "SEFTON",
    "Definition",
    "DiseaseArea",
    "Distinct",
    "Drill",
    "DrillSet",
    "Extract",
    "Finding",
    "Geography",
    "Level",
    "LocalScheme",
    "Luck",
    "Measure",
    "Organisation",
    "Pathway",
    "Period",
    "Place",
    "Policy",
    "Reconciliation",
    "RecordMeasure",
    "Records",
    "Recurrent",
    "ReferencePopulation",
    "Rows",
    "Shortlist",
    "SideBySide",
    "Similar",
    "Stability",
    "Tightened",
    "Total",
    "Where",
    "adjusted_odds",
    "against",
    "change",
    "checklist_markdown",
    "compare",
    "cost_of_missed",
    "counts_from",
    "coverage",
    "drill",
    "estimate",
    "exception_counts",
    "expected_by_luck",
    "explain",
    "flows",
    "inequality",
    "intervention_counts",
    "left_out_of_spells",
    "list_adapters",
    "list_disease_areas",
    "load",
    "load_checklist",
    "load_themes",
    "merge_levels",
    "open_records",
    "opportunity",
    "pathway",
    "pool_years",
    "price_difference",
    "qof_area",
    "reconcile",
    "recurrent",
    "registered_counts",
    "repeat_missed",
    "share_of",
    "side_by_side",
    "similar",
    "spell_counts",
    "stability",
    "stack",
    "standardise",
    "tally",
    "themes_markdown",
    "tighten",
    "undecided",
    "unit_costs",
    "with_spells",
    "write_template",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import a public name when it is first used."""
    if name == "__version__":
        from phm_diabetes.plugins import library_version

        return library_version()
    if name not in _HOME_OF:
        message = f"module 'phm_diabetes' has no attribute '{name}'"
        raise AttributeError(message)
    value = getattr(import_module(f"phm_diabetes.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return sorted({*__all__, *globals()})
