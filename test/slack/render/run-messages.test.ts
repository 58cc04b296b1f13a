import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { replay } from "../../../src/engine/evolve.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import { checkMessage } from "../../../src/sandbox/slack/check-payload.ts";
import { alertCard } from "../../../src/slack/render/alert-card.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import type { Content } from "../../../src/slack/render/content.ts";
import { fitMessage } from "../../../src/slack/render/limits.ts";
import { ACTIONS, parseOpenKey, readValue } from "../../../src/slack/ids.ts";
import { runMessages } from "../../../src/slack/render/run-messages.ts";
import {
  ALERT,
  alertGroup,
  asked,
  bob,
  checked,
  deepRun,
  finished,
  gate,
  gateOpened,
  lockedOut,
  manualBegun,
  started,
  stuck,
  T0,
  unknown,
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
  const atGate = gateOpened({
    plan: { ...plan, explain, cluster: foreign, preconditions: facts },
    differences: [foreign],
    phrase: foreign,
  });
  const said: RunEvent = { type: "Said", at: T0, text: foreign, by: { id: "x", name: foreign } };
  return [
    [begun, ...checked(foreign), said, ...atGate],
    [
      begun,
      ...atGate,
      { type: "GateRejected", at: T0 + 9000, gate: "step_down.1", by: bob, reason: foreign },
      ...stuck(foreign).slice(1),
    ],
    [begun, ...manualBegun(foreign)],
    [begun, ...stuck(foreign)],
    [begun, ...asked({ type: "enum", options: [foreign === "" ? "x" : foreign] })],
    [begun, ...asked({ type: "string", pattern: foreign })],
    [begun, ...lockedOut(foreign)],
    [begun, ...unknown()],
    deepRun(foreign === "" ? "x" : foreign),
    [{ ...begun, dryRun: true, drill: true } as RunEvent, ...broken(foreign), ...attached(foreign)],
    [begun, said, { ...(finished() as Extract<RunEvent, { type: "RunFinished" }>), text: foreign }],
  ];
}

/** One person went past the gate. */
function broken(reason: string): readonly RunEvent[] {
  const said: RunEvent = { type: "Said", at: T0 + 9000, text: `BREAK-GLASS: bob: ${reason}`, by: bob };
  return [...gateOpened(), { type: "GateBroken", at: T0 + 9000, gate: "step_down.1", by: bob, reason }, said];
}

function attached(name: string): readonly RunEvent[] {
  const evidence = { at: T0 + 9500, by: bob, name, sha256: "ab".repeat(32), bytes: 7, text: "secret-free" };
  return [
    { type: "EvidenceAttached", at: T0 + 9500, evidence },
    { type: "Assigned", at: T0 + 9600, to: { id: "x", name }, by: bob },
  ];
}

const draw = { externalUrl: "https://sealwatch.example", approversOf: () => [], breakGlass: true };

function wantedOf(events: readonly RunEvent[], more: Partial<typeof draw> = {}) {
  const run = replay(events);
  if (run.status === "none") throw new Error("the timeline began no run");
  return runMessages({ run, version: events.length, head: "5f".repeat(32) }, { ...draw, ...more });
}

const textOf = (events: readonly RunEvent[], key: string, more: Partial<typeof draw> = {}): string =>
  JSON.stringify(wantedOf(events, more).find((message) => message.key === key));

describe("what slack shows of a run", () => {
  it("asks a question with what may be answered, and offers to answer, to skip, to abort", () => {
    const text = textOf([started("R1"), ...asked()], "run:R1/asking:step_down:1");
    expect(text).toContain("answer with one of dark, lit");
    for (const action of [ACTIONS.answer, ACTIONS.skip, ACTIONS.abort]) expect(text).toContain(action);
  });

  it("says who has the cluster, since when, in the thread and on the card, and offers not to wait", () => {
    const events = [started("R1"), ...lockedOut()];
    const text = textOf(events, "run:R1/locked:step_down:R7");
    expect(text).toContain("Run `R7` has `prod` to itself since <!date^");
    expect(text).toContain(ACTIONS.skip);
    expect(textOf(events, "run:R1/card")).toContain("waiting for the cluster: run R7 has it to itself since <!date^");
  });

  it("offers break-glass only where it is allowed", () => {
    const events = [started("R1"), ...gateOpened()];
    expect(textOf(events, "run:R1/gate:step_down.1")).toContain(ACTIONS.breakGlass);
    expect(textOf(events, "run:R1/gate:step_down.1", { breakGlass: false })).not.toContain(ACTIONS.breakGlass);
  });

  it("tells in the channel, at once, that one person went past a gate", () => {
    const wanted = wantedOf([started("R1"), ...broken("nobody else is awake")]);
    const note = wanted.find(({ key }) => key === "run:R1/note:0");
    expect(note).toMatchObject({ broadcast: true, urgent: true });
    expect(note?.text).toContain("BREAK-GLASS: bob: nobody else is awake");
    expect(textOf([started("R1"), ...broken("x")], "run:R1/gate:step_down.1")).toContain("BREAK-GLASS");
  });

  it("shows the plan that a yes is bound to, the groups, and everybody who may not approve", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      { type: "Assigned", at: T0 + 1, to: { id: "carol", name: "carol" }, by: bob },
      ...gateOpened({ groups: ["dba", "platform"] }),
    ];
    const text = textOf(events, "run:R1/gate:step_down.1");
    expect(text).toContain("plan `cdcdcdcdcdcd`");
    expect(text).toContain(
      "One person of dba or platform who neither started the run nor is in charge of it (alice, carol)",
    );
  });

  it("marks dry runs and drills in the title of the card and in the end", () => {
    const dry = { ...started("R1"), dryRun: true } as RunEvent;
    expect(textOf([dry], "run:R1/card")).toContain("DRY RUN · A node is sealed (prod)");
    expect(textOf([{ ...started("R1"), drill: true } as RunEvent, finished()], "run:R1/end")).toContain("DRILL · ");
    const planned: readonly RunEvent[] = [
      dry,
      { type: "StepPlanned", at: T0 + 5, step: "step_down", text: "Would call: PUT.", plan: gate().plan },
      { type: "RunFinished", at: T0 + 9, result: "planned", text: "Every step is planned.", by: undefined },
    ];
    expect(textOf(planned, "run:R1/card")).toContain(":clipboard: Make the leader step down · Would call: PUT.");
    expect(textOf(planned, "run:R1/end")).toContain(":clipboard: *Planned*");
  });

  it("ends with the whole head of the chain, for who verifies it", () => {
    expect(textOf([started("R1"), finished()], "run:R1/end")).toContain(`sha256:${"5f".repeat(32)}`);
  });

  it("asks nothing of anybody once it is being aborted", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      ...manualBegun(),
      {
        type: "CancelBegun",
        at: T0 + 9000,
        by: bob,
        reason: "enough",
        deadline: T0 + 99_000,
        underWay: undefined,
        caution: undefined,
      },
    ];
    expect(wantedOf(events).filter(({ mode }) => mode === "open")).toEqual([]);
    expect(textOf(events, "run:R1/card")).toContain(":octagonal_sign: being aborted by bob");
  });

  it("keeps values and keys of nested steps within slack's limits, and reads them back", () => {
    const messages = wantedOf(deepRun("x"));
    const values = [...JSON.stringify(messages).matchAll(/"value":"([^"]+)"/gu)].map(([, value]) => value ?? "");
    expect(values).toContain("R1:clusters[3].nodes[2].act.1");
    for (const value of values) expect(value.length).toBeLessThanOrEqual(2000);
    expect(readValue("R1:clusters[3].nodes[2].act").what).toBe("clusters[3].nodes[2].act");
    expect(parseOpenKey("run:R1/stuck:clusters[3].nodes[2].act:2")).toEqual({
      kind: "stuck",
      step: "clusters[3].nodes[2].act",
    });
  });
});

describe("what slack is sent of a run", () => {
  it("is taken by slack and pings nobody, whatever is in it", () => {
    fc.assert(
      fc.property(hostile, (foreign) => {
        for (const events of timelines(foreign)) {
          const run = replay(events);
          if (run.status === "none") throw new Error("the timeline began no run");
          const wanted = runMessages(
            { run, version: events.length, head: "0".repeat(64) },
            { externalUrl: "https://sealwatch.example", approversOf: () => [], breakGlass: true },
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
      { externalUrl: "https://x.example", approversOf: () => [], breakGlass: true },
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
