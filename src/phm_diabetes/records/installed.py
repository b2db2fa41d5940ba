"""Installed: the record layouts of the library, each behind the door of adapters."""

from __future__ import annotations

from typing import ClassVar

from phm_diabetes.records.layouts.dudley_hes_op import DUDLEY_HES_OP
from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.layouts.knowsley_hes_op import KNOWSLEY_HES_OP
from phm_diabetes.records.layouts.liverpool_hes_op import LIVERPOOL_HES_OP
from phm_diabetes.records.layouts.local_community import LOCAL_COMMUNITY
from phm_diabetes.records.layouts.local_referrals import LOCAL_REFERRALS
from phm_diabetes.records.layouts.sefton_hes_op import SEFTON_HES_OP
from phm_diabetes.records.layouts.sus_icb_mart import SUS_ICB_MART
from phm_diabetes.records.layouts.sus_ncdr import SUS_NCDR
from phm_diabetes.records.layouts.sus_trust_csv import SUS_TRUST_CSV
from phm_diabetes.records.record_adapter import RecordAdapter

__all__ = [
    "DudleyHesOp",
    "EnglandHesApc",
    "EnglandHesOp",
    "KnowsleyHesOp",
    "LiverpoolHesOp",
    "LocalCommunity",
    "LocalReferrals",
    "SeftonHesOp",
    "SusIcbMart",
    "SusNcdr",
    "SusTrustCsv",
]


class EnglandHesOp(RecordAdapter):
    """National extract of outpatients.

    Examples
    --------
    >>> EnglandHesOp().name
    'england.hes_op'
    """

    record_layout: ClassVar = ENGLAND_HES_OP


class EnglandHesApc(RecordAdapter):
    """National extract of admitted care.

    Examples
    --------
    >>> EnglandHesApc().name
    'england.hes_apc'
    """

    record_layout: ClassVar = ENGLAND_HES_APC


class SusNcdr(RecordAdapter):
    """Outpatients of the national commissioning data repository.

    Examples
    --------
    >>> SusNcdr().name
    'sus.ncdr'
    """

    record_layout: ClassVar = SUS_NCDR


class SusIcbMart(RecordAdapter):
    """Outpatients of an ICB's mart of SUS.

    Examples
    --------
    >>> SusIcbMart().name
    'sus.icb_mart'
    """

    record_layout: ClassVar = SUS_ICB_MART


class SusTrustCsv(RecordAdapter):
    """Outpatients as a trust sends them.

    Examples
    --------
    >>> SusTrustCsv().name
    'sus.trust_csv'
    """

    record_layout: ClassVar = SUS_TRUST_CSV


class DudleyHesOp(RecordAdapter):
    """Dudley's outpatients.

    Examples
    --------
    >>> DudleyHesOp().name
    'dudley.hes_op'
    """

    record_layout: ClassVar = DUDLEY_HES_OP


class LiverpoolHesOp(RecordAdapter):
    """Liverpool's outpatients.

    Examples
    --------
    >>> LiverpoolHesOp().name
    'liverpool.hes_op'
    """

    record_layout: ClassVar = LIVERPOOL_HES_OP


class SeftonHesOp(RecordAdapter):
    """Sefton's outpatients.

    Examples
    --------
    >>> SeftonHesOp().name
    'sefton.hes_op'
    """

    record_layout: ClassVar = SEFTON_HES_OP


class KnowsleyHesOp(RecordAdapter):
    """Knowsley's outpatients.

    Examples
    --------
    >>> KnowsleyHesOp().name
    'knowsley.hes_op'
    """

    record_layout: ClassVar = KNOWSLEY_HES_OP


class LocalReferrals(RecordAdapter):
    """A service's referrals.

    Examples
    --------
    >>> LocalReferrals().name
    'local.referrals'
    """

    record_layout: ClassVar = LOCAL_REFERRALS


class LocalCommunity(RecordAdapter):
    """Contacts of community services.

    Examples
    --------
    >>> LocalCommunity().name
    'local.community'
    """

    record_layout: ClassVar = LOCAL_COMMUNITY
