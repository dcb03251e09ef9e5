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


def test_the_compiled_catalogues_are_what_was_written(
    spanish: catalogues.Catalog, tmp_path: Path
) -> None:
    english = catalogues.in_english(catalogues.extracted(ROOT))
    for language, catalog in (("es", spanish), ("en", english)):
        stands = catalogues.catalogue(ROOT, language).with_suffix(".mo")
        assert catalogues.compiled(catalog, tmp_path / language).read_bytes() == stands.read_bytes()


def test_every_string_is_its_own_english() -> None:
    for message in catalogues.in_english(catalogues.extracted(ROOT)):
        assert message.string == message.id or not message.id
