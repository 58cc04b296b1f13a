/* `table` and `data_table` as DOM nodes. */
import { element } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { richText } from "./rich-text.js";

/** Draws a table; the first row is its heading. */
export function table(block, context) {
  const settings = block.column_settings ?? [];
  const rows = block.rows.map((cells, row) =>
    element(
      "tr",
      "",
      cells.map((cell, column) => cellNode(cell, context, { row, setting: settings[column] ?? {} })),
    ),
  );
  return element("div", "table-frame", element("table", "", rows));
}

/** Draws a data table with its caption. */
export function dataTable(block, context) {
  return element("figure", "data-table", element("figcaption", "", block.caption), table(block, context));
}

function cellNode(cell, context, { row, setting }) {
  const content = cell.type === "rich_text" ? richText(cell, context) : plainText(cell.text);
  const node = element(row === 0 ? "th" : "td", setting.is_wrapped ? "wrapped" : "", content);
  node.style.textAlign = setting.align ?? (cell.type === "raw_number" ? "right" : "left");
  return node;
}
