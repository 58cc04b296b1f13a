import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { FailureReason } from "../../../src/lib/failure.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { LoginToken } from "../../../src/vault/auth/login-token.ts";
import { createManualTime, settled } from "../../runner/manual-time.ts";
import type { ManualTime } from "../../runner/manual-time.ts";
import { createTokenWorld } from "./token-world.ts";
import type { TokenWorld } from "./token-world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("logging in", () => {
  it("happens at the first read, once for all who ask at the same time, and never again for later reads", async () => {
    const { token, world } = begin();
    expect(world.calls).toEqual([]);

    const texts = await Promise.all([1, 2, 3].map(async () => await read(token)));
    texts.push(await read(token));

    expect(texts).toEqual(["token-1", "token-1", "token-1", "token-1"]);
    expect(world.calls.map(({ name }) => name)).toEqual(["login"]);
  });

  it.each([
    { name: "a refused login", reason: "refused", seen: "denied" },
    { name: "a denied one", reason: "denied", seen: "denied" },
    { name: "a secret that is not there", reason: "not-found", seen: "denied" },
    { name: "a sealed cluster", reason: "sealed", seen: "sealed" },
    { name: "a cluster that does not answer", reason: "timeout", seen: "timeout" },
  ] satisfies { name: string; reason: FailureReason; seen: FailureReason }[])(
    "gives $name to whoever wanted a token as $seen",
    async ({ reason, seen }) => {
      const { token, world } = begin();
      world.failing = reason;
      await expect(token.read()).rejects.toMatchObject({ reason: seen, message: `cannot: ${reason}` });
      expect(token.stats()).toEqual({ logins: 0, loginFailures: 1, renewals: 0, renewalFailures: 0 });
    },
  );

  it("is tried again by itself, ever more rarely up to every 30 s, until it works", async () => {
    const { token, world, time } = begin();
    world.failing = "sealed";
    await expect(token.read()).rejects.toMatchObject({ reason: "sealed" });

    await time.advance(10 * MINUTE);
    const waits = gaps(world.calls.map(({ at }) => at));
    expect(waits.slice(0, 5)).toEqual([2000, 4000, 8000, 16_000, 30_000]);
    expect(new Set(waits.slice(5))).toEqual(new Set([30_000]));

    world.failing = undefined;
    await time.advance(30_000);
    expect(await read(token)).toBe("token-1");
    expect(world.calledTimes("login")).toBe(waits.length + 2);
  });

  it("is not hurried by readers", async () => {
    const { token, world } = begin();
    world.failing = "refused";
    for (let scrape = 0; scrape < 20; scrape += 1) await token.read().catch(() => {});
    expect(world.calledTimes("login")).toBe(1);
  });

  it("holds up no reader beyond the reader's own time", async () => {
    const { token, world } = begin();
    const hung = Promise.withResolvers<never>();
    Object.assign(world.api, { login: async () => await hung.promise });

    await expect(token.read({ timeoutMs: 5 })).rejects.toMatchObject({
      reason: "timeout",
      message: "cannot log in to prod: there was no time left; it goes on, try again",
    });
    await expect(token.read({ signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: "aborted" });
  });
});

describe("renewing", () => {
  it.each([
    { name: "the least", random: 0, share: 0.6 },
    { name: "the most", random: 1, share: 0.7 },
  ])("comes at about two thirds of the life, at $name chance", async ({ random, share }) => {
    const { token, world, time } = begin(random);
    await token.read();
    await time.advance(HOUR * share - 1);
    expect(world.calledTimes("renew")).toBe(0);
    await time.advance(1);
    expect(world.calledTimes("renew")).toBe(1);
  });

  it("keeps one token for days", async () => {
    const { token, world, time } = begin();
    await token.read();
    await time.advance(3 * 24 * HOUR);
    expect(await read(token)).toBe("token-1");
    expect(world.calledTimes("login")).toBe(1);
    expect(token.stats()).toMatchObject({ logins: 1, renewals: world.calledTimes("renew"), renewalFailures: 0 });
    expect(token.stats().renewals).toBeGreaterThan(100);
  });

  it("ends near the token's maximum: a login follows while the old one still serves, which is revoked a little later", async () => {
    const { token, world, time } = begin();
    world.maxTtlMs = 1.5 * HOUR;
    const seen = new Set<string>();
    for (let minute = 0; minute < 120; minute += 1) {
      seen.add(await read(token));
      expect(world.living()).toContain(await read(token));
      await time.advance(MINUTE);
    }
    expect([...seen]).toEqual(["token-1", "token-2"]);
    expect(world.living()).toEqual(["token-2"]);
    expect(world.calls.filter(({ name }) => name === "revoke")).toEqual([
      { name: "revoke", token: "token-1", at: expect.any(Number) },
    ]);
  });

  it("does not happen for a token that cannot be renewed: the next one is there before it ends", async () => {
    const { token, world, time } = begin();
    world.renewable = false;
    await token.read();
    await time.advance(0.75 * HOUR);
    expect(await read(token)).toBe("token-2");
    expect(world.calledTimes("renew")).toBe(0);
  });

  it.each(["denied", "refused"] satisfies FailureReason[])(
    "that is %s leads to a login, and the old token stays until that works",
    async (reason) => {
      const { token, world, time } = begin();
      await token.read();
      world.renewalsFailing = reason;
      await time.advance(0.69 * HOUR);
      expect(world.calledTimes("login")).toBe(1);
      world.failing = "refused";
      await time.advance(0.1 * HOUR);
      expect(world.calledTimes("login")).toBeGreaterThan(2);
      expect(await read(token)).toBe("token-1");
      world.failing = undefined;
      await time.advance(30_000);
      expect(await read(token)).toBe("token-2");
    },
  );

  it("that fails for no fault of the token is tried again, without a login while it lives", async () => {
    const { token, world, time } = begin();
    await token.read();
    world.renewalsFailing = "timeout";
    await time.advance(0.9 * HOUR);
    expect(world.calledTimes("renew")).toBeGreaterThan(10);
    expect(world.calledTimes("login")).toBe(1);
    world.renewalsFailing = undefined;
    await time.advance(HOUR);
    expect(await read(token)).toBe("token-1");
  });

  it("that came too late, as after a sleep of the machine, is a login", async () => {
    const { token, world, time } = begin();
    await token.read();
    await time.leap(5 * HOUR);
    expect(await read(token)).toBe("token-2");
    expect(world.calledTimes("renew")).toBe(0);
  });

  it("is never asked for a token that never expires", async () => {
    const { token, world, time } = begin();
    world.ttlMs = 0;
    await token.read();
    await time.advance(30 * 24 * HOUR);
    expect(world.calls).toHaveLength(1);
  });
});

describe("a denied call", () => {
  it("means a login when the token was revoked under us", async () => {
    const { token, world, time } = begin();
    const first = await token.read();
    await time.advance(2 * MINUTE);
    world.revokeAll();

    token.denied(first);
    await settled();

    expect(await read(token)).toBe("token-2");
    expect(world.calls.map(({ name }) => name)).toEqual(["login", "isValid", "login"]);
  });

  it("means nothing when the policy lacks a line, and is looked into twice a minute at most", async () => {
    const { token, world, time } = begin();
    for (let second = 0; second < 120; second += 1) {
      token.denied(await token.read());
      await time.advance(1000);
    }
    expect(world.calledTimes("login")).toBe(1);
    expect(world.calledTimes("isValid")).toBe(4);
  });

  it("means a login although the clock was set back by hours after the last one", async () => {
    const { token, world, time } = begin();
    const first = await token.read();
    await time.advance(2 * MINUTE);
    token.denied(first);
    await settled();
    await time.leap(-3 * HOUR);
    world.revokeAll();

    token.denied(first);
    await settled();

    expect(await read(token)).toBe("token-2");
  });

  it("means nothing while nobody can say whether the token is valid", async () => {
    const { token, world } = begin();
    const first = await token.read();
    world.failing = "sealed";
    token.denied(first);
    await settled();
    expect(world.calledTimes("login")).toBe(1);
    expect(await read(token)).toBe("token-1");
  });

  it("with a token that was replaced meanwhile says nothing of the new one", async () => {
    const { token, world, time } = begin();
    const first = await token.read();
    await time.leap(2 * HOUR);
    await token.read();
    token.denied(first);
    await settled();
    expect(world.calledTimes("isValid")).toBe(0);
  });
});

describe("closing", () => {
  it("revokes every token of ours, ends the timers, and gives none any more", async () => {
    const { token, world, time } = begin();
    world.renewable = false;
    await token.read();
    await time.advance(0.7 * HOUR);
    expect(world.living()).toEqual(["token-1", "token-2"]);

    await token.close();

    expect(world.living()).toEqual([]);
    expect(time.pending()).toBe(0);
    await expect(token.read()).rejects.toMatchObject({ reason: "denied" });
    expect(world.calledTimes("login")).toBe(2);
  });

  it("ends although the server refuses", async () => {
    const { token, world } = begin();
    await token.read();
    world.failing = "unreachable";
    await token.close();
    expect(world.calledTimes("revoke")).toBe(1);
  });

  it("sends nothing when nobody logged in", async () => {
    const { token, world } = begin();
    await token.close();
    expect(world.calls).toEqual([]);
  });
});

type Event =
  | { readonly type: "pass"; readonly milliseconds: number }
  | { readonly type: "scrape" }
  | { readonly type: "revoke" }
  | { readonly type: "fail"; readonly reason: FailureReason | undefined }
  | { readonly type: "fail-renewals"; readonly reason: FailureReason | undefined };

const reasons = fc.constantFrom<FailureReason | undefined>(
  undefined,
  undefined,
  "denied",
  "refused",
  "sealed",
  "timeout",
);
const events = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant("pass" as const), milliseconds: fc.nat(40_000) }) },
    { weight: 4, arbitrary: fc.constant({ type: "scrape" as const }) },
    { weight: 2, arbitrary: fc.constant({ type: "revoke" as const }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("fail" as const), reason: reasons }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("fail-renewals" as const), reason: reasons }) },
  ),
  { minLength: 20, maxLength: 80 },
);

describe("whatever happens", () => {
  it("there are at most 8 logins a minute, every token given was issued, and a scrape works again soon after the last fault", async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.nat(1000), fc.nat(180), async (story, permille, ttlSeconds) => {
        const { token, world, time } = begin(permille / 1000);
        world.ttlMs = (30 + ttlSeconds) * 1000;
        for (const event of story) await play(event, { token, world, time });

        const logins = world.calls.filter(({ name }) => name === "login").map(({ at }) => at);
        expect(busiestMinute(logins)).toBeLessThanOrEqual(8);

        Object.assign(world, { failing: undefined, renewalsFailing: undefined });
        const worked = await waitForScrape(token, world, time);
        expect(worked).toBe(true);

        // An older one may live on until its end: it was to be revoked while the server refused.
        const last = await read(token);
        await token.close();
        expect(world.living()).not.toContain(last);
      }),
      { numRuns: 150 },
    );
  });
});

type Parts = { readonly token: LoginToken; readonly world: TokenWorld; readonly time: ManualTime };

function begin(random = 1): Parts {
  const time = createManualTime();
  const world = createTokenWorld(time.clock);
  const { clock, timers } = time;
  const token = new LoginToken({
    cluster: "prod",
    api: world.api,
    clock,
    timers,
    random: () => random,
    logger: silentLogger,
  });
  return { token, world, time };
}

async function read(token: LoginToken): Promise<string> {
  return (await token.read()).reveal();
}

async function play(event: Event, { token, world, time }: Parts): Promise<void> {
  switch (event.type) {
    case "pass":
      return await time.advance(event.milliseconds);
    case "revoke":
      return world.revokeAll();
    case "fail":
      return void (world.failing = event.reason);
    case "fail-renewals":
      return void (world.renewalsFailing = event.reason);
    case "scrape":
      return void (await scrape(token, world));
  }
}

/** Calls with the token, as collectors do; gives whether it worked. */
async function scrape(token: LoginToken, world: TokenWorld): Promise<boolean> {
  try {
    const given = await token.read();
    expect(given.reveal()).toMatch(/^token-\d+$/u);
    if (world.living().includes(given.reveal())) return true;
    token.denied(given);
    await settled();
  } catch {
    // No token: that is a counted failure, not a wrong call.
  }
  return false;
}

/** 30 s until a 403 is looked into again, 30 s until the next login. */
async function waitForScrape(token: LoginToken, world: TokenWorld, time: ManualTime): Promise<boolean> {
  for (let second = 0; second < 65; second += 1) {
    if (await scrape(token, world)) return true;
    await time.advance(1000);
  }
  return false;
}

function busiestMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((begun) => times.filter((at) => at >= begun && at < begun + MINUTE).length));
}

function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}
