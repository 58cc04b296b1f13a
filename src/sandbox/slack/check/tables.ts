import { LIMITS } from "../limits.ts";
import { isPart } from "../part.ts";
import { richText } from "./rich-text.ts";
import { bool, int, kinds, list, needed, object, oneOf, text, type Check } from "./shape.ts";

const rawText = object({ type: needed(oneOf("raw_text")), text: needed(text(10_000)) });
const rawNumber: Check = object(
  { type: needed(oneOf("raw_number")), value: needed(() => {}), text: needed(text(100)) },
  (value, at, { report }) => {
    if (isPart(value) && typeof value["value"] !== "number") report(`${at}/value`, "must be a number");
  },
);
const cell = kinds("cell", { raw_text: rawText, raw_number: rawNumber, rich_text: richText });
const headerCell = kinds("header cell", { raw_text: rawText, raw_number: rawNumber });

const own = { type: needed(text(50)), block_id: text(LIMITS.ids.blockId) };
const row = list(1, LIMITS.table.columns, cell);

/** Checks a `table` block. */
export const table: Check = object({
  ...own,
  rows: needed(list(1, LIMITS.table.rows, row)),
  column_settings: list(0, LIMITS.table.columns, object({ align: oneOf("left", "center", "right"), is_wrapped: bool })),
});

/** Checks a `data_table` block: a header and rows of one length. */
export const dataTable: Check = object(
  {
    ...own,
    // One more for the header.
    rows: needed(list(1, LIMITS.dataTable.rows + 1, row)),
    caption: needed(text(1000)),
    page_size: int(1, 100),
    row_header_column_index: int(0, LIMITS.table.columns - 1),
  },
  (value, at, look) => {
    const rows = isPart(value) && Array.isArray(value["rows"]) ? value["rows"].filter(Array.isArray) : [];
    const [header] = rows;
    for (const [index, one] of (header ?? []).entries()) headerCell(one, `${at}/rows/0/${index}`, look);
    if (rows.some((one) => one.length !== header?.length)) look.report(`${at}/rows`, "must be of one length");
    if (JSON.stringify(rows).length > LIMITS.dataTable.characters) look.report(`${at}/rows`, "is too long in sum");
  },
);
