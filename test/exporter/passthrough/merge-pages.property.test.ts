import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { merge } from "./merge.ts";
import { seriesOf } from "./strict-page.ts";

/** One family of a generated page: what of it must be on the merged one is known without reading any text. */
type Family = {
  readonly name: string;
  readonly type: "gauge" | "counter" | "summary";
  readonly samples: readonly Sample[];
};
type Sample = { readonly suffix: string; readonly labels: Readonly<Record<string, string>>; readonly value: number };

const names = [
  "vault_a",
  "vault_a_b",
  "vault_b",
  "vault_raft_commitTime",
  "vault_zz",
  "go_goroutines",
  "process_open_fds",
];
const labelName = fc.constantFrom("b", "cluster", "peer_id", "vault_node");
const labelValue = fc.oneof(
  fc.constantFrom("x", "", `"`, "\\", "\n", "}", " ", "grün"),
  fc.string({ unit: "grapheme", maxLength: 5 }),
);

const sample = fc.record({
  suffix: fc.constantFrom("", "_sum", "_count"),
  labels: fc.dictionary(
    labelName,
    labelValue.filter((text) => !text.includes("\0")),
    { maxKeys: 3 },
  ),
  value: fc.oneof(fc.integer(), fc.double(), fc.constant(NaN), fc.constant(Infinity)),
});

/** A page has each family once, in the order of their names; a family has one type everywhere, by its name. */
const page = fc.dictionary(fc.constantFrom(...names), fc.array(sample, { maxLength: 5 })).map((families) =>
  Object.entries(families)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, samples]): Family => ({ name, type: typeOf(name), samples })),
);

const typeOf = (name: string): Family["type"] =>
  name === "vault_raft_commitTime" ? "summary" : name === "vault_b" ? "counter" : "gauge";

const samplesOf = ({ type, samples }: Family): readonly Sample[] =>
  type === "summary" ? samples : samples.filter(({ suffix }) => suffix === "");

const goNumber = (value: number): string =>
  Number.isNaN(value) ? "NaN" : value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value);

/** In the order of their names, as Vault writes them. */
const labelText = (labels: Sample["labels"]): string =>
  Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");

const escaped = (text: string): string =>
  text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);

function written(families: readonly Family[]): string {
  return families
    .map((family) => {
      const lines = samplesOf(family).map(
        ({ suffix, labels, value }) => `${family.name}${suffix}{${labelText(labels)}} ${goNumber(value)}\n`,
      );
      return `# HELP ${family.name} help\n# TYPE ${family.name} ${family.type}\n${lines.join("")}`;
    })
    .join("");
}

/** What must be on the merged page of these nodes: the first of each series, but no NaN and nothing from before the cluster had a name. */
function expected(nodes: readonly (readonly Family[])[]): ReadonlyMap<string, string> {
  const series = new Map<string, string>();
  nodes.forEach((families, index) => {
    const node = String.fromCharCode(97 + index);
    for (const family of families) {
      const seen = new Set<string>();
      for (const { suffix, labels, value } of samplesOf(family)) {
        const name = `${family.name.startsWith("process_") ? "vault_" : ""}${family.name}${suffix}`;
        const { vault_node: exported, ...others } = labels;
        if (Number.isNaN(value) || labels["cluster"] === "" || seen.has(name + labelText(labels))) continue;
        seen.add(name + labelText(labels));
        const all = {
          vault_cluster: "c",
          vault_node: node,
          ...others,
          ...(exported === undefined ? {} : { exported_vault_node: exported }),
        };
        const sorted = Object.entries(all)
          .map(([label, text]) => [label, escaped(text)] as const)
          .sort(([one], [other]) => (one < other ? -1 : 1));
        series.set(name + JSON.stringify(sorted), goNumber(value));
      }
    }
  });
  return series;
}

describe("mergePages, for any pages", () => {
  it("gives a page that a strict reader takes, with exactly the series of all nodes, wherever the pieces end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(page, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 200 }),
        async (nodes, pieces) => {
          const merged = await merge(
            nodes.map((families) => ({ page: written(families), active: true })),
            { pieces },
          );

          expect(new Map(seriesOf(merged.page))).toEqual(expected(nodes));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("accounts for every sample: on the page, or left out with a reason", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 3 }), async (nodes) => {
        const { samples, dropped } = await merge(nodes.map((families) => ({ page: written(families) })));

        const counted = samples.map((count, index) => count + sum(Object.values(dropped[index] ?? {})));
        expect(counted).toEqual(nodes.map((families) => sum(families.map((family) => samplesOf(family).length))));
      }),
    );
  });

  it("gives a page that a strict reader takes, whatever the nodes say", async () => {
    const word = fc.constantFrom(
      "vault_a",
      "# TYPE vault_a ",
      "# HELP vault_a ",
      "gauge",
      "summary",
      "_sum",
      "{",
      "}",
      `b="c"`,
      ",",
      " ",
      "1",
      "\n",
      "\r\n",
      "\\",
      `"`,
    );
    const garbage = fc.array(fc.oneof({ weight: 9, arbitrary: word }, fc.string({ unit: "binary" })), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 3 }), async (nodes) => {
        const merged = await merge(
          nodes.map((words) => ({ page: words.join("") })),
          { pieces: 7 },
        );

        expect(() => seriesOf(merged.page)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
