import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { replay } from "../../../src/engine/evolve.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import { checkMessage } from "../../../src/sandbox/slack/check-payload.ts";
import { alertCard } from "../../../src/slack/render/alert-card.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import type { Content } from "../../../src/slack/render/content.ts";
import { fitMessage } from "../../../src/slack/render/limits.ts";
import { runMessages } from "../../../src/slack/render/run-messages.ts";
import {
  ALERT,
  alertGroup,
  bob,
  checked,
  finished,
  gate,
  gateOpened,
  manualBegun,
  started,
  stuck,
  T0,
} from "../timeline.ts";

const HOSTILE = [
  "<!channel>",
  "<!here>",
  "<@U0BOB>",
  "<#C1>",
  "<https://evil.example|click>",
  "&lt;!channel&gt;",
  "```",
  "`",
  "\uD800",
  "\u0007",
  "漢".repeat(300),
  "x".repeat(20_000),
  "",
];
const hostile = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join(" "));

/** A mention, a channel or a broadcast; times are written with `<!date`. */
const PING = /<(?:@|#|!(?!date\^))/u;

function expectHarmless(content: Content): void {
  const sent = fitMessage(clean(content));
  expect(checkMessage(sent, "post")).toBeUndefined();
  expect(checkMessage(sent, "update")).toBeUndefined();
  expect(mrkdwnOf(sent)).not.toMatch(PING);
  expect(mrkdwnOf(sent)).not.toContain("<https://evil.example");
}

/** Everything of a message in which Slack looks for markup. */
function mrkdwnOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  if (Array.isArray(value)) return value.map(mrkdwnOf).join("\n");
  if ("type" in value && value.type === "mrkdwn" && "text" in value) return String(value.text);
  const fallback = "blocks" in value && "text" in value && typeof value.text === "string" ? value.text : "";
  return [fallback, ...Object.values(value).map(mrkdwnOf)].join("\n");
}

function timelines(foreign: string): readonly (readonly RunEvent[])[] {
  const begun = started("R1", { surface: "cli" }, foreign);
  const { plan } = gate();
  const explain = { call: foreign, cost: foreign, proof: foreign };
  const facts = [{ name: "n", ok: true, value: 1, text: foreign }];
  const asked = gateOpened({
    plan: { ...plan, explain, cluster: foreign, preconditions: facts },
    differences: [foreign],
    phrase: foreign,
  });
  const said: RunEvent = { type: "Said", at: T0, text: foreign, by: { id: "x", name: foreign } };
  return [
    [begun, ...checked(foreign), said, ...asked],
    [
      begun,
      ...asked,
      { type: "GateRejected", at: T0 + 9000, gate: "step_down.1", by: bob, reason: foreign },
      ...stuck(foreign).slice(1),
    ],
    [begun, ...manualBegun(foreign)],
    [begun, ...stuck(foreign)],
    [begun, said, { ...(finished() as Extract<RunEvent, { type: "RunFinished" }>), text: foreign }],
  ];
}

describe("what slack is sent of a run", () => {
  it("is taken by slack and pings nobody, whatever is in it", () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        for (const events of timelines(foreign)) {
          const run = replay(events);
          if (run.status === "none") throw new Error("the timeline began no run");
          const wanted = runMessages(
            { run, version: events.length, head: "0".repeat(64) },
            { externalUrl: "https://sealwatch.example", approversOf: () => [] },
          );
          for (const message of wanted) expectHarmless(message);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("has one key for each message", () => {
    const run = replay([started("R1"), ...checked(), ...gateOpened()]);
    if (run.status === "none") throw new Error("the timeline began no run");
    const keys = runMessages(
      { run, version: 1, head: "" },
      { externalUrl: "https://x.example", approversOf: () => [] },
    ).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("what slack is sent of an alert", () => {
  it("is taken by slack and pings nobody, whatever is in it", () => {
    fc.assert(
      fc.property(hostile, fc.nat({ max: 60 }), (foreign, count) => {
        const labels = { alertname: foreign, severity: foreign, vault_cluster: foreign, vault_node: foreign };
        const alert = { ...ALERT, labels, annotations: { summary: foreign, runbook_url: foreign } };
        const alerts = Array.from({ length: count }, (_, index) => ({
          ...alert,
          labels: { ...labels, vault_node: `${foreign}${index}` },
        }));
        const group = alertGroup("firing", { alerts });
        expectHarmless(
          alertCard({
            group,
            id: "0123456789ab",
            runbook: { id: "r", title: foreign },
            runs: [],
            externalUrl: "https://x.example",
          }),
        );
      }),
      { numRuns: 100 },
    );
  });
});
