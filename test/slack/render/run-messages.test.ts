import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { ACTIONS, parseOpenKey, readValue } from "../../../src/slack/ids.ts";
import {
  alice,
  asked,
  attached,
  bob,
  broken,
  cancelled,
  checked,
  deepRun,
  finished,
  gateOpened,
  held,
  lockedOut,
  manualBegun,
  started,
  stuck,
  T0,
  unknown,
} from "../timeline.ts";
import { actionsOf, draw, messageOf, textOf } from "./draw.ts";

const GATE = "run:R1/gate:step_down.1";
const ask = { action: ACTIONS };

describe("what a run asks of people", () => {
  const cases: readonly { name: string; events: readonly RunEvent[]; key: string; says: string; offers: string[] }[] = [
    {
      name: "work by hand: where secrets are typed, and a button for when it is done",
      events: manualBegun(),
      key: "run:R1/manual:unseal:1",
      says: "type them at the node or in your own terminal when Vault asks, never here",
      offers: [ask.action.manualDone, ask.action.skip, ask.action.abort],
    },
    {
      name: "work by hand that is watched: no button, the run sees it itself",
      events: manualBegun("1 of 3 shares"),
      key: "run:R1/manual:unseal:1",
      says: "the run goes on by itself when it sees the effect",
      offers: [ask.action.skip, ask.action.abort],
    },
    {
      name: "a step that failed: again, without it, or not at all",
      events: stuck(),
      key: "run:R1/stuck:step_down:1",
      says: "trying again may help",
      offers: [ask.action.retry, ask.action.skip, ask.action.abort],
    },
    {
      name: "a call of which nobody knows what it did: again only through a form",
      events: unknown(),
      key: "run:R1/unknown:step_down:R1/step_down/1",
      says: "two nodes call themselves leader",
      offers: [ask.action.markDone, ask.action.retryUnknown, ask.action.abort],
    },
    {
      name: "a question, with what may be answered",
      events: asked(),
      key: "run:R1/asking:step_down:1",
      says: "answer with one of dark, lit",
      offers: [ask.action.answer, ask.action.skip, ask.action.abort],
    },
    {
      name: "a cluster that another run has, since when",
      events: lockedOut(),
      key: "run:R1/locked:step_down:R7",
      says: "Run `R7` has `prod` to itself since <!date^",
      offers: [ask.action.skip, ask.action.abort],
    },
    {
      name: "a call that is held back because the alert is resolved",
      events: held(),
      key: "run:R1/held:step_down:1.0",
      says: "The alert is resolved, so `vault.step-down` is not asked for any more",
      offers: [ask.action.reopen, ask.action.skip, ask.action.abort],
    },
  ];

  it.each(cases)("$name", ({ events, key, says, offers }) => {
    const message = messageOf(key, [started("R1"), ...events]);
    expect(JSON.stringify(message)).toContain(says);
    expect(actionsOf(message)).toEqual(offers);
    expect(message.mode).toBe("open");
  });

  it("calls who is in charge, by their member id", () => {
    const memberOf = ({ id }: { id: string }): string | undefined => (id === "alice" ? "U0ALICE" : undefined);
    expect(messageOf("run:R1/stuck:step_down:1", [started("R1"), ...stuck()], { memberOf }).text).toMatch(
      /^<@U0ALICE> :raised_hand:/u,
    );
  });

  it("calls who is listed nowhere by the member id that they are known by", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      { type: "Assigned", at: T0 + 1, to: { id: "slack:U0DAVE", name: "dave" }, by: alice },
      ...stuck(),
    ];
    expect(messageOf("run:R1/stuck:step_down:1", events).text).toContain("<@U0DAVE>");
  });

  it("asks nothing of anybody once it is being aborted, and no gate can be pressed", () => {
    const events = [started("R1"), ...manualBegun(), cancelled()];
    expect(draw(events).messages.filter(({ mode }) => mode === "open")).toEqual([]);
    expect(textOf("run:R1/card", events)).toContain(":octagonal_sign: being aborted by bob");
    expect(actionsOf(messageOf(GATE, [started("R1"), ...gateOpened(), cancelled()]))).toEqual([]);
    const underWay = { ...cancelled(), underWay: "step_down" } as RunEvent;
    expect(draw([started("R1"), ...unknown(), underWay]).messages.filter(({ mode }) => mode === "open")).toEqual([]);
  });
});

describe("what happened in a run", () => {
  it("is told in the order in which it happened, each thing once", () => {
    const events = [started("R1"), ...checked(), ...gateOpened(), ...attached("proof.txt")];
    expect(draw(events).messages.map(({ key }) => key)).toEqual([
      "run:R1/card",
      "run:R1/step:seal:1",
      GATE,
      "run:R1/evidence:0",
      "run:R1/note:0",
    ]);
  });

  it("says a step's words once when a note says the same", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      { type: "Said", at: T0 + 1, text: "vault-2 is sealed.", by: undefined },
      ...checked("vault-2 is sealed."),
    ];
    expect(draw(events).messages.map(({ key }) => key)).toEqual(["run:R1/card", "run:R1/note:0"]);
  });

  it("tells in the channel, at once, that one person went past a gate", () => {
    const note = messageOf("run:R1/note:0", [started("R1"), ...broken("nobody else is awake")]);
    expect(note).toMatchObject({ broadcast: true, urgent: true });
    expect(note.text).toContain("BREAK-GLASS: bob: nobody else is awake");
  });

  it("names what was attached, never its text", () => {
    const text = textOf("run:R1/evidence:0", [started("R1"), ...attached("proof.txt")]);
    expect(text).toContain("*bob* attached `proof.txt` (7 bytes, `sha256:abab");
    expect(text).not.toContain("secret-free");
  });
});

describe("keys and values of a run's messages", () => {
  it("fit into Slack's limits for steps deep in blocks, and can be read back", () => {
    const { messages } = draw(deepRun("x"));
    const values = [...JSON.stringify(messages).matchAll(/"value":"([^"]+)"/gu)].map(([, value]) => value ?? "");
    expect(values).toContain("R1:clusters[3].nodes[2].act.1");
    for (const value of values) expect(value.length).toBeLessThanOrEqual(2000);
    expect(readValue("R1:clusters[3].nodes[2].act").what).toBe("clusters[3].nodes[2].act");
    expect(parseOpenKey("run:R1/stuck:clusters[3].nodes[2].act:2")).toEqual({
      kind: "stuck",
      step: "clusters[3].nodes[2].act",
    });
  });

  it("are never used twice", () => {
    const keys = draw([started("R1"), ...checked(), ...broken("x"), ...attached("a"), finished()]).messages.map(
      ({ key }) => key,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("do not name people", () => {
    const events: readonly RunEvent[] = [
      started("R1"),
      { type: "Said", at: T0, text: "x", by: bob },
      ...gateOpened(),
      finished(),
    ];
    for (const { key } of draw(events).messages) expect(key).not.toMatch(/alice|bob/u);
  });
});
