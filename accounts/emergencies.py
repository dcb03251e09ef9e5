"""Whom to call in an emergency, by country: where one number sends an ambulance, that one.

Source: the emergency numbers of Android, packages/services/Telephony, ecc/input/eccdata.txt
(revision of December 2023), the number for an ambulance where a country has several. The European
Union by Directive (EU) 2018/1972, article 109. Peru by its Ministry of Health, whose SAMU answers
106 (Android names the police of the roads). Any other country: 112, which every mobile phone
takes for an emergency call (3GPP TS 22.101, chapter 10).
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVERYWHERE = "112"
_UNION = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
UNION = frozenset(_UNION.split())
NUMBERS = {
    "US": "911",
    "CA": "911",
    "MX": "911",
    "AR": "911",
    "BO": "118",
    "BR": "192",
    "CL": "131",
    "CO": "123",
    "CR": "911",
    "CU": "104",
    "DO": "911",
    "EC": "911",
    "SV": "911",
    "GT": "123",
    "HN": "911",
    "NI": "128",
    "PA": "911",
    "PY": "911",
    "PE": "106",
    "PR": "911",
    "UY": "911",
    "VE": "911",
    "ES": "112",
    "GB": "999",
    "AU": "000",
    "NZ": "111",
}
NAMES: dict[str, Promise] = {
    "US": _("United States"),
    "CA": _("Canada"),
    "MX": _("Mexico"),
    "AR": _("Argentina"),
    "BO": _("Bolivia"),
    "BR": _("Brazil"),
    "CL": _("Chile"),
    "CO": _("Colombia"),
    "CR": _("Costa Rica"),
    "CU": _("Cuba"),
    "DO": _("Dominican Republic"),
    "EC": _("Ecuador"),
    "SV": _("El Salvador"),
    "GT": _("Guatemala"),
    "HN": _("Honduras"),
    "NI": _("Nicaragua"),
    "PA": _("Panama"),
    "PY": _("Paraguay"),
    "PE": _("Peru"),
    "PR": _("Puerto Rico"),
    "UY": _("Uruguay"),
    "VE": _("Venezuela"),
    "ES": _("Spain"),
    "EU": _("All other countries of the European Union"),
    "GB": _("United Kingdom"),
    "AU": _("Australia"),
    "NZ": _("New Zealand"),
}


def number_of(country: str) -> str:
    """The number to call in a country, by its ISO 3166 code of two letters."""
    return NUMBERS.get(country, EVERYWHERE)


def place_of(country: str) -> str:
    """The entry of NAMES that a country stands under; empty where it has none."""
    return country if country in NAMES else "EU" if country in UNION else ""
