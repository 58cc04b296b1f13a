import { describe, expect, it } from "@jest/globals";
import { actions } from "../../../src/actions/registry.ts";
import type { Action } from "../../../src/actions/action.ts";
import { judgeCrash, judgePlay } from "../../../src/cli/rehearsal/judge.ts";
import { play, type Performance } from "../../../src/cli/rehearsal/play.ts";
import type { Rehearsed } from "../../../src/cli/rehearsal/rehearsed.ts";
import { handedOver } from "./hand-over.ts";

const answered = { kind: "call", number: 1, fate: "answered" } as const;

/** The action with a probe that lies as soon as half a minute has passed: what took effect is called not done. */
async function withForgetfulProbe(): Promise<Rehearsed> {
  const real = actions.get("vault.step-down");
  if (real === undefined) throw new Error("there is no vault.step-down");
  const forgetful: Action = {
    ...real,
    preconditions: async () => [],
    perform: async (context, input) => {
      const active = await context.cluster.activeNode({ signal: context.signal });
      await active.stepDown({ signal: context.signal });
      return input;
    },
    probe: async (context, input, attempt) =>
      context.clock.now() - attempt.at > 30_000
        ? { verdict: "not-done", evidence: "it looks as before" }
        : await real.probe(context, input, attempt),
  };
  return { ...(await handedOver()), actions: new Map([...actions, [real.name, forgetful]]) };
}

async function whole(): Promise<Performance> {
  return await play(await handedOver());
}

describe("judgeCrash", () => {
  it("finds nothing where the crash made no difference", async () => {
    expect(judgeCrash(await play(await handedOver(), answered), await whole())).toEqual([]);
  });

  it("finds a call that was made twice because its probe did not see what the first had done", async () => {
    const rehearsed = await withForgetfulProbe();
    const played = await play(rehearsed, answered);
    const differences = judgeCrash(played, await play(rehearsed));
    expect(differences).toContainEqual({
      what: "repeated calls",
      lines: ["let_go vault.step-down sys/step-down: 2 times, and 1 without the crash"],
    });
  });

  const flaws: readonly { name: string; flaw: Partial<Performance>; what: string }[] = [
    { name: "a broken chain", flaw: { brokenAt: 3 }, what: "chain" },
    { name: "a lock that was kept", flaw: { holdsLock: true }, what: "lock" },
    { name: "a program that was not killed", flaw: { crashed: false }, what: "crash" },
    { name: "a problem of the play", flaw: { problems: ["nobody came"] }, what: "play" },
    { name: "another end", flaw: { run: undefined }, what: "outcome" },
    { name: "another path", flaw: { events: [] }, what: "path" },
    {
      name: "another cluster",
      flaw: { cluster: { leader: "vault-1", members: ["vault-1"], sealed: [] } },
      what: "cluster.members",
    },
  ];

  it.each(flaws)("finds $name", async ({ flaw, what }) => {
    const played = await play(await handedOver(), answered);
    expect(judgeCrash({ ...played, ...flaw }, await whole()).map((difference) => difference.what)).toContain(what);
  });

  it("takes it for honest when the run says that nobody can tell", async () => {
    const played = await play(await handedOver(), answered);
    expect(judgeCrash({ ...played, leftToPeople: true, events: [] }, await whole())).toEqual([]);
  });
});

describe("judgePlay", () => {
  it("says what went wrong in the play, and not what followed from it", async () => {
    const { test } = await handedOver();
    const played = await play(await handedOver({ people: [] }));
    expect(judgePlay(played, test.expect).map(({ what }) => what)).toEqual(["play"]);
  });
});
