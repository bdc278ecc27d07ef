import pytest

from rag.index import Origin, build_index
from rag.retrieval import RRF_K, retrieve
from rag.schema import Document
from tests.fakes import FakeEncoder

WORDS = "apple bread cider dates eggs figs grapes honey ice jam kiwi lemon".split()


def shelf(number):
    """A document of twelve passages of one sentence; only one of them names each food."""
    paragraphs = [
        f"The shelf of kind {number} holds {word} of the very best sort for all the guests." for word in WORDS
    ]
    return Document(title=f"Shelf {number}", text="\n\n".join(paragraphs))


ONE, TWO = shelf(1), shelf(2)


def build(folder):
    return build_index(folder, Origin(), lambda: (ONE, TWO), FakeEncoder(), 80)


@pytest.fixture(scope="module")
def exact(tmp_path_factory):
    return build(tmp_path_factory.mktemp("exact"))


@pytest.fixture(scope="module")
def approximate(tmp_path_factory):
    """The same index as if it were too large to be held in memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.index.store.EXACT_LIMIT", 5)
        return build(tmp_path_factory.mktemp("approximate"))


@pytest.fixture(params=["exact", "approximate"])
def index(request):
    return request.getfixturevalue(request.param)


def search(index, query, top_k=5, **options):
    return retrieve(index, FakeEncoder(), query, top_k, **options)


def test_the_two_ways_are_both_there(exact, approximate):
    assert len(exact.passages) == len(approximate.passages) == 2 * len(WORDS)
    assert exact.vectors is not None
    assert approximate.vectors is None


@pytest.mark.parametrize("word", WORDS)
def test_the_passage_that_is_asked_for_comes_first(index, word):
    first, second, *_ = search(index, f"Which shelf has {word}?")
    assert {first.passage.document_id, second.passage.document_id} == {ONE.id, TWO.id}
    assert all(f" {word} " in scored.passage.text for scored in (first, second))


def test_best_first_and_no_passage_twice(index):
    found = search(index, "honey of the best sort", top_k=20)
    assert [scored.score for scored in found] == sorted((scored.score for scored in found), reverse=True)
    assert len({scored.passage.id for scored in found}) == len(found) == 20


@pytest.mark.parametrize("top_k", [1, 3, 24, 1000])
def test_top_k_passages_come_back(index, top_k):
    assert len(search(index, "honey", top_k)) == min(top_k, len(index.passages))


@pytest.mark.parametrize(("reach", "count"), [(24, 24), (23, 2), (0, 2)], ids=["within", "beyond", "none"])
def test_a_corpus_within_reach_is_read_whole(index, reach, count):
    assert len(search(index, "honey", 2, reach=reach)) == count


def test_reach_counts_only_the_documents_that_are_asked(index):
    found = search(index, "honey", 2, reach=12, document_ids={TWO.id})
    assert len(found) == 12
    assert " honey " in found[0].passage.text


@pytest.mark.parametrize("asked", [{ONE.id}, {TWO.id}, {ONE.id, TWO.id}], ids=["one", "two", "both"])
@pytest.mark.parametrize("reach", [0, 100], ids=["searched", "read whole"])
def test_only_the_documents_that_are_asked_come_back(index, asked, reach):
    found = search(index, "honey and figs", 20, reach=reach, document_ids=asked)
    assert {scored.passage.document_id for scored in found} == asked


def test_no_document_no_passage(index):
    encoder = FakeEncoder()
    assert retrieve(index, encoder, "honey", 5, document_ids=set()) == ()
    assert encoder.calls == 0


def test_the_same_query_gives_the_same_passages(index):
    assert search(index, "lemon jam", 20) == search(index, "lemon jam", 20)


def test_passages_that_are_alike_keep_the_order_of_the_text(tmp_path):
    same = Document(title="Tea", text="\n\n".join(["Green tea was served in all of the rooms of the house."] * 9))
    index = build_index(tmp_path, Origin(), lambda: (same,), FakeEncoder(), 80)
    assert [scored.passage for scored in search(index, "tea", 9)] == list(index.passages)


def test_the_score_is_the_sum_of_reciprocal_ranks(exact):
    found = search(exact, "honey", 24)
    dense = sorted(found, key=lambda scored: -scored.dense)
    lexical = sorted((scored for scored in found if scored.lexical > 0), key=lambda scored: -scored.lexical)
    assert 0 < len(lexical) < len(dense)
    for scored in found:
        ranks = [ranking.index(scored) + 1 for ranking in (dense, lexical) if scored in ranking]
        assert scored.score == pytest.approx(sum(1 / (RRF_K + rank) for rank in ranks), abs=1e-6)


def test_both_halves_lift_a_passage(exact):
    (first, *_) = search(exact, "kiwi")
    assert first.dense > 0
    assert first.lexical > 0


def test_the_approximate_search_finds_what_the_exact_one_does(exact, approximate):
    for word in WORDS:
        ways = [search(way, f"{word} for the guests", 2, document_ids={TWO.id}) for way in (exact, approximate)]
        assert ways[0][0].passage.id == ways[1][0].passage.id
        assert ways[0][0].dense == pytest.approx(ways[1][0].dense, abs=1e-4)


def test_a_cosine_beyond_one_is_one(exact):
    class Longer(FakeEncoder):
        def encode(self, texts, progress=None):
            return super().encode(texts, progress) * 2

    assert retrieve(exact, Longer(), exact.passages[0].text, 1)[0].dense == 1.0
