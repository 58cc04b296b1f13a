import { describe, expect, it } from "@jest/globals";
import { silentLogger } from "../../../src/lib/logger.ts";
import { claim } from "../../../src/slack/listen/claim.ts";
import type { Inbox } from "../../../src/runner/ports.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import { recordingObserver } from "../transport/serve.ts";

function bot(inbox: Inbox = createMemoryStore().inbox) {
  const logs: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void logs.push(message) };
  return { inbox, clock: { now: () => 0 }, observer: recordingObserver(), logger, logs };
}

describe("taking what slack delivered", () => {
  it("is done once, and the second time is counted", async () => {
    const one = bot();
    expect([await claim(one, ["a"]), await claim(one, ["a"])]).toEqual([true, false]);
    expect(one.observer.refusals).toEqual(["replayed"]);
  });

  it("is done once on all replicas together, also at the same moment", async () => {
    const { inbox } = createMemoryStore();
    const replicas = [bot(inbox), bot(inbox), bot(inbox)];
    const taken = await Promise.all(replicas.map(async (one) => await claim(one, ["a"])));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it("knows a thing by any of its ids", async () => {
    const one = bot();
    expect(await claim(one, ["event:1", "message:C1:5"])).toBe(true);
    expect(await claim(one, ["event:2", "message:C1:5"])).toBe(false);
    expect(await claim(one, ["event:3", "message:C1:6"])).toBe(true);
  });

  it("is done when the store cannot be asked, and that is logged", async () => {
    const one = bot({ first: async () => await Promise.reject(new Error("the database is away")) });
    expect(await claim(one, ["a"])).toBe(true);
    expect(one.observer.refusals).toEqual([]);
    expect(one.logs).toEqual(["cannot tell whether slack delivered something before; acting on it"]);
  });
});
