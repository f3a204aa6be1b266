"""The speech models that Recue knows by name, as data."""

from __future__ import annotations

from dataclasses import dataclass

_EUROPEAN = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it"),
    *("lt", "lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk"),
)

LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "MIT": "https://opensource.org/license/mit",
}
"""Where the licences of the catalogue can be read."""


@dataclass(frozen=True)
class KnownModel:
    """A model of the catalogue.

    `title` is the name that its maker gives it. `repo` and `file` name it on the Hugging Face hub,
    whose page of it states the licence and the languages; `repo` is None for the bundled demo
    model. `languages` are ISO 639-1 codes. `size_mb` is approximate: parameters times four bytes,
    which is how NeMo saves them. `about` is one sentence for an editor.
    """

    name: str
    title: str
    repo: str | None
    file: str
    licence: str
    languages: tuple[str, ...]
    size_mb: int
    about: str

    @property
    def is_demo(self) -> bool:
        """Whether it is the small bundled one, which is no model for real work."""
        return self.repo is None

    @property
    def source(self) -> str | None:
        """The page of its maker; None for the demo model, which comes with Recue."""
        return None if self.repo is None else f"https://huggingface.co/{self.repo}"


DEFAULT = "parakeet-tdt-0.6b-v3"
DEMO = "demo"

CATALOGUE = (
    KnownModel(
        DEMO,
        "Demo",
        None,
        "recue-demo.nemo",
        "MIT",
        ("en",),
        20,
        "A demo: knows the words of the demo media and little else, and is here from the start.",
    ),
    KnownModel(
        DEFAULT,
        "Parakeet TDT 0.6B v3",
        "nvidia/parakeet-tdt-0.6b-v3",
        "parakeet-tdt-0.6b-v3.nemo",
        "CC-BY-4.0",
        _EUROPEAN,
        2_500,
        "The one to use: 25 European languages found by itself, accurate and fast.",
    ),
    KnownModel(
        "parakeet-tdt-0.6b-v2",
        "Parakeet TDT 0.6B v2",
        "nvidia/parakeet-tdt-0.6b-v2",
        "parakeet-tdt-0.6b-v2.nemo",
        "CC-BY-4.0",
        ("en",),
        2_500,
        "English only, and a little better at it than v3; never slips into another language.",
    ),
    KnownModel(
        "parakeet-tdt-1.1b",
        "Parakeet TDT 1.1B",
        "nvidia/parakeet-tdt-1.1b",
        "parakeet-tdt-1.1b.nemo",
        "CC-BY-4.0",
        ("en",),
        4_300,
        "English in lower case without punctuation; older and slower than v2.",
    ),
    KnownModel(
        "parakeet-tdt_ctc-110m",
        "Parakeet TDT-CTC 110M",
        "nvidia/parakeet-tdt_ctc-110m",
        "parakeet-tdt_ctc-110m.nemo",
        "CC-BY-4.0",
        ("en",),
        460,
        "English on a small or old computer.",
    ),
    KnownModel(
        "canary-1b-v2",
        "Canary 1B v2",
        "nvidia/canary-1b-v2",
        "canary-1b-v2.nemo",
        "CC-BY-4.0",
        _EUROPEAN,
        6_400,
        "25 European languages, each chosen by you, so it never takes one for another; slower.",
    ),
    KnownModel(
        "canary-1b-flash",
        "Canary 1B Flash",
        "nvidia/canary-1b-flash",
        "canary-1b-flash.nemo",
        "CC-BY-4.0",
        ("en", "de", "es", "fr"),
        3_500,
        "English, German, Spanish and French, each chosen by you.",
    ),
    KnownModel(
        "canary-180m-flash",
        "Canary 180M Flash",
        "nvidia/canary-180m-flash",
        "canary-180m-flash.nemo",
        "CC-BY-4.0",
        ("en", "de", "es", "fr"),
        730,
        "English, German, Spanish and French on a small or old computer.",
    ),
)
