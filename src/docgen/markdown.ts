/** Writes a Markdown table; bars and line breaks in cells are made harmless. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(header), `| ${header.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** The note on top of every generated page. */
export function generatedNote(source: string): string {
  return `<!-- Generated from ${source} by \`npm run generate\`; a test says whether it is current. -->`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
