"""The README's generated tables are fresh."""

from deploy.reference import README, refreshed


def test_the_readme_says_what_the_models_say() -> None:
    text = README.read_text()

    assert text == refreshed(text), "run: python -m deploy.reference --write"
