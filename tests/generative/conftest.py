"""The generative reader through the real provider package, against a server that says what a script tells it to."""

import pytest

from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.fakes import MILK, TEA, FakeEncoder
from tests.generative.asking import COSTS, KEY
from tests.scripted_model import scripted_model


@pytest.fixture(scope="module")
def model():
    with scripted_model() as serving:
        yield serving


@pytest.fixture(autouse=True)
def fresh(model):
    model.requests.clear()
    model.keys.clear()
    model.replies.clear()
    model.left.clear()


@pytest.fixture(scope="module")
def extractive(tmp_path_factory):
    settings = Settings(reader="similarity", min_confidence=0.0, sure_confidence=0.0, llm_min_confidence=0.0)
    folder = tmp_path_factory.mktemp("index")
    with Pipeline.build([TEA, MILK, COSTS], folder, settings, encoder=FakeEncoder()) as pipeline:
        yield pipeline


@pytest.fixture
def scripted(extractive, model):
    """The pipeline with the model that a script stands for."""

    def configured(script, **settings):
        options = {"llm": f"openai-like:{script}", "llm_url": model.url, "llm_key": KEY, "llm_timeout": 60}
        return extractive.configured(**{**options, **settings})

    return configured
