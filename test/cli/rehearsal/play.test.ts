import { describe, expect, it } from "@jest/globals";
import { play } from "../../../src/cli/rehearsal/play.ts";
import type { Scene } from "../../../src/cli/rehearsal/test-file.ts";
import { handedOver } from "./hand-over.ts";

const answer: Scene = { at: "why", by: "starter", answer: "upgrade" };
const approve: Scene = { at: "let_go", by: "approver", approve: true };

describe("play", () => {
  it("comes to the same end each time, at the same moments", async () => {
    const [first, second] = [await play(await handedOver()), await play(await handedOver())];
    expect(first.problems).toEqual([]);
    expect(first.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(second.events.map(({ type }) => type)).toEqual(first.events.map(({ type }) => type));
  });

  const problems: readonly { name: string; people: readonly Scene[]; problem: string }[] = [
    {
      name: "nobody is there to act",
      people: [answer],
      problem: `the run stands at "let_go" (gate) and waits for a human, but \`people\` has nobody left`,
    },
    {
      name: "the next person acts somewhere else",
      people: [approve, answer],
      problem: `the run stands at "why" (asking) and waits for a human, but next in \`people\` approver does "approve" at "let_go"`,
    },
    {
      name: "somebody is refused",
      people: [answer, { ...approve, by: "starter" }],
      problem: `starter wanted to approve at "let_go" and was refused: `,
    },
    {
      name: "somebody is refused for another reason",
      people: [answer, { ...approve, by: "stranger", refused: "phrase" }],
      problem: `(group); "phrase" was expected`,
    },
    {
      name: "somebody is not refused",
      people: [{ ...answer, refused: "role" }],
      problem: `starter wanted to answer at "why" and was not refused; "role" was expected`,
    },
    {
      name: "somebody is left over",
      people: [answer, approve, { at: "other", by: "starter", abort: "enough" }],
      problem: `the run never came to where starter does "abort" at "other"`,
    },
  ];

  it.each(problems)("says so when $name", async ({ people, problem }) => {
    const played = await play(await handedOver({ people: [...people] }));
    expect(played.problems[0]).toContain(problem);
  });

  it("says so when the run is not started at all", async () => {
    const played = await play(await handedOver({ by: "viewer" }));
    expect(played.problems).toEqual([expect.stringContaining("the run was not started: the viewer may not")]);
    expect(played.run).toBeUndefined();
  });

  it("counts as a call only what reaches a node with the token for actions", async () => {
    const fail = { path: "sys/step-down", with: "drop-before" } as const;
    const changes = [{ when: "let_go", is: "agreed" as const, do: [{ fail }] }];
    const dropped = await play(await handedOver({ changes, people: [answer, approve] }));
    expect(dropped.calls).toEqual([]);
    expect(dropped.boundaries.calls).toBe(1);

    const { calls } = await play(await handedOver());
    expect(calls).toEqual([
      { text: "vault.step-down on vault-0", once: "let_go vault.step-down sys/step-down", at: expect.any(Number) },
    ]);
  });

  it("gives the token of a run no more than the runbook's own policy", async () => {
    const rehearsed = await handedOver();
    const changes = [{ when: "let_go", is: "begun" as const, do: [{ deny: "reading" as const }] }];
    const people: Scene[] = [answer, { at: "let_go", by: "starter", abort: "the token is gone" }];
    const played = await play({ ...rehearsed, test: { ...rehearsed.test, changes, people } });
    expect(played.events).toContainEqual(
      expect.objectContaining({ type: "StepStuck", failure: expect.objectContaining({ reason: "denied" }) }),
    );
  });
});

describe("a play in which the program is killed", () => {
  it("is carried on by another instance after the lease, which calls nothing again that took effect", async () => {
    const played = await play(await handedOver(), { kind: "call", number: 1, fate: "answered" });
    expect(played).toMatchObject({ crashed: true, problems: [], brokenAt: undefined, lastWords: "StepAttempted" });
    expect(played.calls).toHaveLength(1);
    expect(played.events).toContainEqual(expect.objectContaining({ type: "DriverChanged", driver: "instance-2" }));
    expect(played.run).toMatchObject({ status: "finished", result: "resolved" });
  });

  it("asks people anew when the call was lost with the program", async () => {
    const played = await play(await handedOver(), { kind: "call", number: 1, fate: "lost" });
    expect(played.calls).toHaveLength(1);
    expect(played.run?.gates.map(({ outcome }) => outcome)).toEqual(["agreed", "agreed"]);
    expect(played.run).toMatchObject({ status: "finished", result: "resolved" });
  });

  it("sees what a call did that reaches the cluster when the program is long dead", async () => {
    const played = await play(await handedOver(), { kind: "call", number: 1, fate: "late" });
    const died = played.events.find(({ type }) => type === "StepAttempted")?.at ?? 0;
    expect(played.calls.map(({ at }) => at - died)).toEqual([29_000]);
    expect(played.run?.gates.map(({ outcome }) => outcome)).toEqual(["agreed"]);
  });

  it("goes on where it stood when it was killed while people decided", async () => {
    const whole = await play(await handedOver());
    const opened = whole.events.findIndex(({ type }) => type === "GateOpened");
    expect(opened).toBeGreaterThan(0);
    for (let number = 1; number <= whole.boundaries.appends; number++) {
      const played = await play(await handedOver(), { kind: "append", number });
      expect(played.crashed).toBe(true);
      expect(played.problems).toEqual([]);
    }
  });
});
