import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { types } from "@slack/bolt";
import { Runbook } from "../../../src/runbook/schema.ts";
import { checkView } from "../../../src/sandbox/slack/check-payload.ts";
import { startRunModal } from "../../../src/slack/modals/start-run.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import { fitView } from "../../../src/slack/render/limits.ts";
import { runbook } from "../timeline.ts";
import { clusterOf } from "../world.ts";

const place = { channel: "C1", threadTs: undefined };
const text = fc.oneof(
  fc.constantFrom("", "<!channel>", "x".repeat(5000), "\uD800", "漢".repeat(3000)),
  fc.string({ maxLength: 30 }),
);

describe("the form for a run's inputs", () => {
  it("is taken by slack, whatever the runbook and the clusters are called", () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.string({ minLength: 1, maxLength: 90 }), { minLength: 1, maxLength: 130 }),
        (foreign, names) => {
          const inputs = {
            cluster: { type: "cluster", description: foreign },
            node: { type: "node" },
            why: { type: "string", description: foreign },
          } as const;
          const form = {
            runbook: { ...runbook, title: foreign, meaning: foreign, inputs },
            inputs: { given: foreign },
            clusters: [clusterOf("prod", names)],
            place,
            alertGroup: undefined,
          };
          expect(checkView(fitView(clean(startRunModal(form))))).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    );
  });

  it("asks for each type in its own way: a choice for options and yes or no, a field that says what fits for the others", () => {
    const inputs = {
      cluster: { type: "cluster" },
      speed: { type: "enum", options: ["fast", "slow"] },
      sure: { type: "bool" },
      count: { type: "int", min: 1, max: 9 },
      grace: { type: "duration", min: "10s" },
    };
    const form = {
      runbook: { ...runbook, inputs: Runbook.shape.inputs.parse(inputs) },
      inputs: { cluster: "prod" },
      clusters: [clusterOf("prod", ["vault-0"])],
    };
    const view = startRunModal({ ...form, place, alertGroup: undefined });
    expect(checkView(fitView(clean(view)))).toBeUndefined();
    const fields = view.blocks.filter((block): block is types.InputBlock => block.type === "input");
    expect(fields.map(({ element, hint }) => [element.type, hint?.text])).toEqual([
      ["static_select", undefined],
      ["static_select", undefined],
      ["plain_text_input", "A whole number, at least 1, at most 9"],
      ["plain_text_input", "A time like 30s, 5m or 1h30m, at least 10s"],
    ]);
    expect(JSON.stringify(fields[1])).toContain('"value":"yes"');
  });

  it("offers the nodes of the cluster that is given, and of all when none is", () => {
    const clusters = [clusterOf("prod", ["vault-0"]), clusterOf("staging", ["vault-s0"])];
    const draw = (inputs: Readonly<Record<string, string>>): string =>
      JSON.stringify(startRunModal({ runbook, inputs, clusters, place, alertGroup: undefined }));
    expect(draw({ cluster: "prod" })).not.toContain("vault-s0");
    expect(draw({})).toContain("vault-s0");
  });
});
