"""What every sheet of a frame says in the same way: names, days, whose words they are."""

from datetime import datetime

from survey.core.instrument import Text
from survey.panel.saying import Said, Speaker
from survey.rounds.models import Round
from survey.web.languages import in_language
from survey.workbooks.names import number_of_section


class SheetWords:
    """The words of one spreadsheet, made for `reader_name` at `at`."""

    def __init__(self, speaker: Speaker, round_: Round, reader_name: str, at: datetime) -> None:
        self.speaker = speaker
        self.frame = speaker.frame
        self.index = speaker.frame.index
        self.round = round_
        self.reader_name = reader_name
        self.at = at

    @property
    def title(self) -> str:
        """The round: country, year and topic."""
        return in_language(self.round.title)

    def _say(self, text: Text) -> str:
        return self.speaker.reader.say(text)

    def _today(self) -> str:
        return self._day(self.at)

    def _day(self, moment: datetime) -> str:
        reader = self.speaker.reader
        return reader.day(moment.astimezone(reader.zone).date())

    def _wrote(self, said: Said) -> str:
        """A text, with its language before it when it is not the reader's."""
        if not said.lang or not said.text:
            return said.text
        return f"[{self.speaker.language_name(said.lang)}] {said.text}"

    def _question(self, code: str) -> str:
        return self._say(self.index.questions[code].stem)

    def _section(self, code: str) -> str:
        section = self.index.section_of[code]
        return f"{number_of_section(section)}. {self._say(section.title)}"
