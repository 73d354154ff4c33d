"""Parts of one question told apart by the figures that answer them."""

from __future__ import annotations

from rag.read.apart import told_apart
from rag.read.readings import Reading
from tests.readings import article_of, hit_of, reading_of

LEVELS = article_of("截至3月9日，双河水库水位12.5米。3月5日水位11.8米。", "双河水库")
HIT = hit_of(LEVELS)


def apart(*readings: tuple[Reading, ...], labels: tuple[str, ...]) -> list[tuple[Reading, ...]]:
    return told_apart(labels, readings, lambda one: one.answers)


def test_one_figure_answers_one_part_and_the_other_goes_on_to_its_next_sentence():
    first = reading_of(LEVELS, "12.5米", hit=HIT)
    second = reading_of(LEVELS, "11.8米", hit=HIT, share=0.3)
    found = apart((first, second), (first, second), labels=("3月5日", "3月9日"))
    assert found == [(second,), (first, second)]  # 3月9日 stands in the sentence


def test_a_part_without_another_reading_is_left_without_one():
    first = reading_of(LEVELS, "12.5米", hit=HIT)
    unlikely = reading_of(LEVELS, "11.8米", hit=HIT, share=0.01)
    assert apart((first,), (first, unlikely), labels=("", ""))[1] == ()


def test_of_two_without_labels_the_surer_keeps_the_figure():
    sure = reading_of(LEVELS, "12.5米", hit=HIT, answers=4.0)
    unsure = reading_of(LEVELS, "12.5米", hit=HIT, answers=1.0)
    assert apart((unsure,), (sure,), labels=("", "")) == [(), (sure,)]


def test_words_without_a_figure_and_what_is_told_of_each_may_answer_both():
    name = article_of("东湾与西湾都归云桥镇管，村长是王明。")
    of_each = article_of("东湾、西湾各占30%。")
    for article, words in ((name, "王明"), (of_each, "30%")):
        one = reading_of(article, words)
        assert apart((one,), (one,), labels=("东湾", "西湾")) == [(one,), (one,)]


def test_the_same_words_answer_only_one_of_two_questions_unless_the_sentence_names_both():
    life = article_of("王明生前是房地产公司的主管。", "王明")
    one = reading_of(life, "房地产公司的主管", answers=4.0)
    found = apart((one,), (reading_of(life, "房地产公司的主管"),), labels=("王明", ""))
    assert found == [(one,), ()]
    shared = reading_of(article_of("东湾和西湾归云桥镇管。"), "云桥镇")
    assert apart((shared,), (shared,), labels=("东湾", "西湾")) == [(shared,), (shared,)]


def test_a_copy_of_the_sentence_in_another_article_is_the_same_figure():
    copy = article_of("双河镇消息。\n截至3月9日，双河水库水位12.5米。", source="b.txt")
    found = apart(
        (reading_of(LEVELS, "12.5米", answers=4.0),), (reading_of(copy, "12.5米"),), labels=("", "")
    )
    assert found[1] == ()


STAFF = article_of("河湾医院现有职工1860人，其中医生612人、护士有903人。", "河湾医院")


def test_the_figure_right_behind_the_name_of_a_part_is_its_own():
    for pointed in ("903人", "612人"):
        one = reading_of(STAFF, pointed)
        doctors, nurses = apart((one,), (one,), labels=("医生", "护士"))
        assert (doctors[0].fact, nurses[0].fact) == ("612人", "903人")


def test_what_stands_right_behind_a_day_is_not_its_figure():
    told = article_of("截至3月9日16时，双河水库水位12.5米。")
    one, other = reading_of(told, "12.5米"), reading_of(LEVELS, "11.8米")
    found = apart((one,), (other,), labels=("3月9日", "3月5日"))
    assert found[0][0].fact == "12.5米"


def test_a_figure_of_another_unit_behind_the_name_is_not_what_was_pointed_at():
    told = article_of("云桥镇客运量117万人次，同比增长39%。")
    one, other = reading_of(told, "39%"), reading_of(LEVELS, "11.8米")
    found = apart((one,), (other,), labels=("云桥镇客运量", "双河水库"))
    assert found[0][0].fact == "39%"


def test_where_a_sentence_names_both_parts_each_has_the_figure_of_its_own_stretch():
    mine = article_of("2015年11月的矿难造成110余人丧生，2020年7月的一起造成170余人丧生。")
    one = reading_of(mine, "110余人")
    first, second = apart((one,), (one,), labels=("2015年11月", "2020年7月"))
    assert (first[0].fact, second[0].fact) == ("110余人", "170余人")


def test_where_names_stand_together_no_figure_is_any_ones_own():
    both = article_of("东湾、西湾分别引进3家和5家。")
    one = reading_of(both, "3家")
    assert apart((one,), (one,), labels=("东湾", "西湾"))[0] == (one,)
