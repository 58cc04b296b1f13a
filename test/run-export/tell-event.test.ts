import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../src/engine/events.ts";
import { tellEvent } from "../../src/run-export/tell-event.ts";
import { atGate, nested, NIGHT, resolved } from "../web/runs.ts";

const dave = { id: "dave", name: "Dave" };

describe("tellEvent", () => {
  it("tells every event of a night in a sentence, and who did it", () => {
    const told = [...resolved, ...nested].map(tellEvent);
    for (const { text } of told) expect(text).not.toMatch(/undefined|\[object|of another version/u);
    expect(told).toContainEqual({ who: "Bob", text: "approved gate remove.1" });
    expect(told).toContainEqual({ who: undefined, text: "rolling: begins 2 rounds: vault-0, vault-1" });
  });

  it("says loudly that one person went past a gate, and why", () => {
    const broken: RunEvent = { type: "GateBroken", at: NIGHT, gate: "remove.1", by: dave, reason: "nobody is awake" };
    expect(tellEvent(broken)).toEqual({
      who: "Dave",
      text: "BREAK-GLASS: went past gate remove.1 alone: nobody is awake",
    });
  });

  it("names an event that it does not know, so that nothing is silently missing", () => {
    const future = { ...atGate[0], type: "Teleported" } as unknown as RunEvent;
    expect(tellEvent(future)).toEqual({ who: undefined, text: "Teleported (of another version of sealwatch)" });
  });
});
