import { describe, expect, it } from "@jest/globals";
import { expose } from "../../src/exporter/expose.ts";
import type { Family } from "../../src/exporter/collector.ts";

const family = (facts: Partial<Family>): Family => ({
  name: "sealwatch_something",
  help: "Something.",
  type: "gauge",
  samples: [{ value: 1 }],
  ...facts,
});

describe("expose", () => {
  it("writes families of both types with their labels, escaped", () => {
    const page = expose([
      family({ samples: [{ labels: { vault_cluster: "prod", text: 'a "b" \\ c\nd' }, value: 0.5 }] }),
      family({ name: "sealwatch_events_total", help: "Events.", type: "counter", samples: [{ value: 3 }] }),
    ]);

    expect(page).toBe(`# HELP sealwatch_something Something.
# TYPE sealwatch_something gauge
sealwatch_something{vault_cluster="prod",text="a \\"b\\" \\\\ c\\nd"} 0.5

# HELP sealwatch_events_total Events.
# TYPE sealwatch_events_total counter
sealwatch_events_total 3
`);
  });

  it("writes integers exactly, where Vault's own metrics round them", () => {
    expect(expose([family({ samples: [{ value: 2 ** 53 - 1 }, { labels: { a: "b" }, value: 100_000_003 }] })])).toBe(
      `# HELP sealwatch_something Something.
# TYPE sealwatch_something gauge
sealwatch_something 9007199254740991
sealwatch_something{a="b"} 100000003
`,
    );
  });

  it("invents no 0 for a family that has no sample", () => {
    expect(expose([family({ samples: [] })])).toBe("");
  });

  it("leaves nothing behind for the next page", () => {
    expose([family({ samples: [{ labels: { vault_node: "gone" }, value: 1 }] })]);

    expect(expose([family({ samples: [{ labels: { vault_node: "here" }, value: 1 }] })])).not.toContain("gone");
  });
});
