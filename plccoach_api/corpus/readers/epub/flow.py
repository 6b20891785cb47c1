"""The blocks of a text in their order, while its lists and tables are still open."""

from plccoach_api.corpus.readers.epub.blocks import EpubBlock, ListCollector, TableCollector


class BlockFlow:
    def __init__(self) -> None:
        self.blocks: list[EpubBlock] = []
        self.items = ListCollector()
        self._table: TableCollector | None = None
        self._tables = 0

    @property
    def index_of_open_block(self) -> int:
        """The index of the block that has just been added. A list or table is added when it ends."""
        is_open = bool(self.items) or self._table is not None
        return len(self.blocks) - (0 if is_open else 1)

    def add_text(self, block: EpubBlock) -> None:
        """Adds a heading, an item of the open list, or a paragraph."""
        if block.level is not None:
            self.end_items()
            self.add(block)
        elif self.items:
            self.items.add(block.paragraph, block.targets, block.linked)
        else:
            self.add(block)

    def add(self, block: EpubBlock) -> None:
        if self._table:
            self._table.add(block)
        else:
            self.blocks.append(block)

    def end_items(self) -> None:
        if block := self.items.take():
            self.add(block)

    def start_table_part(self, tag: str) -> None:
        """Only the outermost table has rows and cells. A list keeps its items, and has no table."""
        if tag == "table":
            self._tables += 1
            if self._tables == 1 and not self.items:
                self._table = TableCollector()
        elif self._table and self._tables == 1:
            if tag == "tr":
                self._table.start_row()
            elif tag in {"td", "th"}:
                self._table.start_cell()

    def end_table_part(self, tag: str) -> None:
        if tag == "table" and self._tables:
            self._tables -= 1
            if not self._tables:
                self.end_table()

    def end_table(self) -> None:
        table, self._table = self._table, None
        if table:
            self.blocks += table.blocks()
