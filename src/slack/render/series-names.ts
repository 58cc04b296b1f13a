/** Shortens the labels of series (`{job="vault", node="vault-0"}`) to what tells them apart: the value of the only label that differs, or the labels that do. */
export function seriesNames(labels: readonly string[]): readonly string[] {
  const parsed = labels.map(parseLabels);
  const names = [...new Set(parsed.flatMap((each) => [...each.keys()]))];
  const differing = names.filter((name) => new Set(parsed.map((each) => each.get(name))).size > 1);
  return parsed.map((each, index) => {
    const [only] = differing.length === 1 ? differing : names.length === 1 ? names : [];
    if (only !== undefined && each.has(only)) return each.get(only) ?? "";
    const shown = differing.filter((name) => each.has(name)).map((name) => `${name}=${each.get(name) ?? ""}`);
    return shown.length > 0 ? shown.join(", ") : whole(labels[index] ?? "");
  });
}

const PAIR = /(?<name>[\w:]+)=(?<value>"(?:[^"\\]|\\.)*")/gu;

/** Labels as the check writes them: each value is a JSON string. What was cut in the middle is left out. */
function parseLabels(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(PAIR)].map(
    ({ groups }) => [groups?.["name"] ?? "", read(groups?.["value"])] as const,
  );
  return new Map(pairs);
}

function read(value = '""'): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}

function whole(labels: string): string {
  return labels === "{}" || labels === "" ? "value" : labels;
}
