from pathlib import Path

import pytest
from django.conf import settings

from config.management.commands import catalogues

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def spanish() -> catalogues.Catalog:
    return catalogues.read(catalogues.catalogue(ROOT, "es"), "es")


def test_every_marked_string_stands_in_spanish(spanish: catalogues.Catalog) -> None:
    wanted = {message.id for message in catalogues.extracted(ROOT) if message.id}
    assert wanted - {message.id for message in spanish} == set()
    assert catalogues.untranslated(spanish) == []


def test_a_translation_keeps_its_placeholders(spanish: catalogues.Catalog) -> None:
    faults = {m.id: list(m.check(spanish)) for m in spanish if m.id}
    assert {name: fault for name, fault in faults.items() if fault} == {}


def test_the_compiled_catalogue_is_the_written_one(
    spanish: catalogues.Catalog, tmp_path: Path
) -> None:
    copy = tmp_path / "django.mo"
    with copy.open("wb") as file:
        catalogues.write_mo(file, spanish)
    assert copy.read_bytes() == catalogues.catalogue(ROOT, "es").with_suffix(".mo").read_bytes()
