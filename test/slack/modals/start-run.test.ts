import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { types } from "@slack/bolt";
import { Runbook } from "../../../src/runbook/schema.ts";
import { checkView } from "../../../src/sandbox/slack/check-payload.ts";
import { namedBy, optionOf } from "../../../src/slack/modals/choose.ts";
import { startRunModal, type StartRunForm } from "../../../src/slack/modals/start-run.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import { fitView } from "../../../src/slack/render/limits.ts";
import { runbook } from "../timeline.ts";
import { clusterOf } from "../world.ts";

const place = { channel: "C1", threadTs: undefined };
const SECRET = "xoxb-000000000000";
const text = fc.oneof(
  fc.constantFrom(
    "",
    "<!channel>",
    "x".repeat(5000),
    "\uD800",
    "漢".repeat(3000),
    SECRET,
    `${"n".repeat(62)} ${SECRET}`,
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const name = fc.oneof(text, fc.string({ minLength: 1, maxLength: 90 }));

const draw = (form: Partial<StartRunForm>): types.ModalView =>
  fitView(
    clean(startRunModal({ runbook, inputs: {}, clusters: [], place, alertGroup: undefined, ...form })),
  ) satisfies types.ModalView;

const inputsOf = (view: types.ModalView): readonly types.InputBlock[] =>
  view.blocks.filter((block): block is types.InputBlock => block.type === "input");

describe("the form for a run's inputs", () => {
  it("is taken by slack, whatever the runbook, the clusters and what was given are called", () => {
    fc.assert(
      fc.property(
        text,
        fc.array(name, { minLength: 1, maxLength: 130 }),
        fc.array(name, { minLength: 1, maxLength: 130 }),
        (foreign, clusters, nodes) => {
          const inputs = {
            cluster: { type: "cluster", description: foreign, default: foreign },
            node: { type: "node", default: nodes[0] ?? "" },
            why: { type: "string", description: foreign, default: foreign },
            which: { type: "enum", options: nodes.slice(0, 50), default: foreign },
            sure: { type: "bool", default: true },
            count: { type: "int", min: 1, max: 5, default: 7 },
            grace: { type: "duration", default: 90_000 },
          } as const;
          const form = {
            runbook: { ...runbook, title: foreign, meaning: foreign, inputs },
            inputs: { given: foreign },
            filled: { why: foreign, count: foreign, grace: foreign, sure: foreign },
            clusters: clusters.map((each, index) => clusterOf(each, index < 2 ? nodes : [])),
            digest: "ab".repeat(32),
            how: { dryRun: true, drill: true },
          };
          expect(checkView(draw(form))).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps within what slack remembers with forty inputs that are given in full length", () => {
    const inputs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`input_${index}`, { type: "string" } as const]),
    );
    const given = Object.fromEntries(Object.keys(inputs).map((key) => [key, "v".repeat(200)]));
    const view = draw({ runbook: { ...runbook, inputs }, inputs: given });
    expect(checkView(view)).toBeUndefined();
    // Nothing is lost: what does not fit into the form's memory stands in its fields.
    expect(JSON.stringify(view).split("v".repeat(200))).toHaveLength(41);
  });

  it("keeps within what slack remembers when what is taken away as a secret makes it longer", () => {
    const view = draw({ inputs: { given: `${SECRET} `.repeat(110) } });
    expect(checkView(view)).toBeUndefined();
    expect(JSON.stringify(view)).not.toContain(SECRET);
  });

  it("asks for each type in its own way, with what fits and the default as a hint", () => {
    const inputs = {
      cluster: { type: "cluster" },
      raft_node: { type: "node", description: "The one that is down." },
      speed: { type: "enum", options: ["fast", "slow"] },
      sure: { type: "bool", default: true },
      count: { type: "int", min: 1, max: 9, default: 3 },
      grace: { type: "duration", min: "10s" },
      why: { type: "string" },
    };
    const view = draw({
      runbook: { ...runbook, inputs: Runbook.shape.inputs.parse(inputs) },
      inputs: { cluster: "prod" },
      clusters: [clusterOf("prod", ["vault-0"])],
    });
    expect(checkView(view)).toBeUndefined();
    expect(
      inputsOf(view).map(({ label, element, hint, optional }) => [label.text, element.type, hint?.text, optional]),
    ).toEqual([
      ["Raft node", "static_select", "The one that is down.", undefined],
      ["Speed", "static_select", undefined, undefined],
      ["Sure", "static_select", "yes or no · empty: yes", true],
      ["Count", "number_input", "A whole number, at least 1, at most 9 · empty: 3", true],
      ["Grace", "plain_text_input", "A time like 30s, 5m or 1h30m, at least 10s", undefined],
      ["Why", "plain_text_input", undefined, undefined],
      ["How", "checkboxes", undefined, true],
    ]);
    expect(JSON.stringify(inputsOf(view)[2])).toContain('"initial_option":{"text":{"type":"plain_text","text":"yes"}');
    expect(JSON.stringify(inputsOf(view)[3])).toContain('"initial_value":"3"');
  });

  it("offers the nodes of the cluster that is given or chosen, and of all when none is", () => {
    const clusters = [clusterOf("prod", ["vault-0"]), clusterOf("staging", ["vault-s0"])];
    expect(JSON.stringify(draw({ clusters, inputs: { cluster: "prod" } }))).not.toContain("vault-s0");
    expect(JSON.stringify(draw({ clusters, filled: { cluster: "prod" } }))).not.toContain("vault-s0");
    expect(JSON.stringify(draw({ clusters }))).toContain("vault-s0");
  });

  it("offers each name once when nodes of two clusters are called the same", () => {
    const clusters = [clusterOf("prod", ["vault-0", "vault-1"]), clusterOf("staging", ["vault-0"])];
    const view = draw({ clusters });
    expect(checkView(view)).toBeUndefined();
    const { element } = inputsOf(view)[1] ?? {};
    expect(element).toMatchObject({ options: [{ value: "vault-0" }, { value: "vault-1" }] });
  });

  it("gives the nodes' field another id for another cluster, so that slack forgets what was chosen in it", () => {
    const clusters = [clusterOf("prod", ["vault-0"]), clusterOf("staging", ["vault-s0"])];
    const ids = [{}, { cluster: "prod" }, { cluster: "staging" }].map(
      (filled) => inputsOf(draw({ clusters, filled }))[1]?.block_id,
    );
    expect(new Set(ids).size).toBe(3);
  });

  it("chooses the only cluster that there is", () => {
    const view = draw({ clusters: [clusterOf("prod", ["vault-0"])] });
    expect(JSON.stringify(inputsOf(view)[0])).toContain('"initial_option":{"text":{"type":"plain_text","text":"prod"}');
  });

  it("lets people type a node while none was found yet", () => {
    const view = draw({ clusters: [clusterOf("prod", [])] });
    expect(inputsOf(view)[1]?.element.type).toBe("plain_text_input");
  });

  it.each([
    { name: "more than a hundred nodes", nodes: Array.from({ length: 101 }, (_, index) => `vault-${index}`) },
    { name: "a name of more than 75 characters", nodes: ["vault-0", "n".repeat(76)] },
    { name: "a name that would be cleaned away", nodes: ["vault-0", `vault-${SECRET}`] },
  ])("makes a list that is searched of $name", ({ nodes }) => {
    const view = draw({ clusters: [clusterOf("prod", nodes)] });
    expect(inputsOf(view)[1]?.element).toMatchObject({ type: "external_select", min_query_length: 0 });
  });

  it("remembers the digest of the runbook in a form that no search for secrets takes away", () => {
    expect(draw({ digest: "ab".repeat(32) }).private_metadata).toContain(`sha256:${"ab".repeat(32)}`);
  });
});

describe("an option", () => {
  it("stands for its name, however long or strange that is", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 60 }), (names) => {
        for (const each of names) {
          const { text: shown, value } = optionOf(each);
          expect(shown.text.trim()).not.toBe("");
          expect(shown.text.length).toBeLessThanOrEqual(75);
          expect((value ?? "").length).toBeLessThanOrEqual(75);
          expect(namedBy(value ?? "", names)).toBe(each);
        }
      }),
    );
  });
});
