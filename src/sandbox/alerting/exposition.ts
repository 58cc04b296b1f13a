/** One sample of a metrics page. */
export type PageSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const LINE = /^(?<name>[A-Za-z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/u;
const LABEL = /(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"/gu;

/** Reads the samples of our own metrics page. It is no parser for pages of others. */
export function readSamples(page: string): readonly PageSample[] {
  return page.split("\n").flatMap((line) => {
    const groups = LINE.exec(line)?.groups;
    if (groups === undefined) return [];
    const labels = [...(groups["labels"] ?? "").matchAll(LABEL)].map(({ groups: label }) => [
      label?.["name"],
      label?.["value"],
    ]);
    return [
      {
        name: groups["name"] ?? "",
        labels: Object.fromEntries(labels) as Record<string, string>,
        value: Number(groups["value"]),
      },
    ];
  });
}
