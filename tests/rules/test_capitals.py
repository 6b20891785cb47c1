"""Capitals are folded where a whole line is written in them, and kept where they mean something."""

import pytest

from plccoach_api.rules.capitals import fold_capitals


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("HOW DO TEAMS SET NORMS?", "how do teams set norms?"),
        ("THE McDONALD METHOD FOR TEAMS", "the mcdonald method for teams"),
        ("What is an RTI team?", "What is an RTI team?"),
        ("RTI", "RTI"),
        ("PLC FAQ", "PLC FAQ"),
        ("", ""),
        ("1 2 3 4", "1 2 3 4"),
        ("HOW TEAMS WORK\n\nTeams of the PLC meet.", "how teams work\n\nTeams of the PLC meet."),
        ("CÓMO TRABAJAN LOS EQUIPOS", "cómo trabajan los equipos"),
    ],
)
def test_lines_that_are_mostly_capitals_become_small_letters(text: str, folded: str) -> None:
    assert fold_capitals(text) == folded


def test_a_long_text_is_folded_in_time_that_grows_with_its_length() -> None:
    assert fold_capitals("TEAM SET NORMS\n" * 20_000) == "team set norms\n" * 20_000
