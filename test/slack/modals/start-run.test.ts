import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
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

  it("offers the nodes of the cluster that is given, and of all when none is", () => {
    const clusters = [clusterOf("prod", ["vault-0"]), clusterOf("staging", ["vault-s0"])];
    const draw = (inputs: Readonly<Record<string, string>>): string =>
      JSON.stringify(startRunModal({ runbook, inputs, clusters, place, alertGroup: undefined }));
    expect(draw({ cluster: "prod" })).not.toContain("vault-s0");
    expect(draw({})).toContain("vault-s0");
  });
});
