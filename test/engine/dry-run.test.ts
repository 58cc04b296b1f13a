import { describe, expect, it } from "@jest/globals";
import { effects } from "../../src/engine/effects.ts";
import { bookOf, known, playBook } from "./nested-specification.ts";
import { actor, reading, T0 } from "./run-specification.ts";

const dry = (...steps: readonly unknown[]) =>
  playBook(bookOf(steps), {}, { dryRun: true, by: actor("dave", "viewer") });
const REMOVE = { id: "remove", do: "test.remove-peer" };

describe("a dry run", () => {
  it("may be made by anyone who may look, and ends as a plan", () => {
    const play = dry({ id: "tell", say: "Hello." });
    expect(play.run()).toMatchObject({ status: "finished", result: "planned", text: "Dry run: nothing was changed." });
  });

  it("reads what a real run reads, and takes no lock", () => {
    const play = dry({ id: "look", check: "test.peers" }, REMOVE);
    expect(play.open().phase.name).toBe("checking");
    play.tell(known("look", true));
    expect(play.open().phase.name).toBe("planning");
    expect(effects(play.open()).map(({ type }) => type)).toEqual(["preconditions"]);
  });

  it("says what would be called, what it would take, and whether it could be done now", () => {
    const play = dry(REMOVE);
    play.tell({ type: "RecordPreconditions", at: T0, step: "remove", holder: "h", outcome: reading() });
    expect(play.run()).toMatchObject({
      status: "finished",
      result: "planned",
      steps: [
        {
          status: "planned",
          text: "Would call: POST sys/storage/raft/remove-peer vault-2. 2 people must approve. It could be done now.",
        },
      ],
      gates: [],
    });
  });

  it("says what forbids it now, and goes on", () => {
    const play = dry(REMOVE, { id: "bye", say: "Bye." });
    play.tell({ type: "RecordPreconditions", at: T0, step: "remove", holder: "h", outcome: reading(1, false) });
    expect(play.run()).toMatchObject({
      result: "planned",
      steps: [
        {
          text: "Would call: POST sys/storage/raft/remove-peer vault-2. 2 people must approve. Now it would be refused: 1 voters, 2 needed.",
        },
        { status: "done" },
      ],
    });
  });

  it("reads once where a real run waits", () => {
    const play = dry({ id: "gone", wait: "test.peers", until: "!result.known" });
    play.tell(known("gone", true));
    expect(play.run()).toMatchObject({
      steps: [{ status: "planned", text: "Would wait until !result.known holds; now: known: true" }],
    });
  });

  it("asks nobody: it takes the default of an answer, and says what a human would be asked", () => {
    const play = dry(
      { id: "count", ask: "How many?", answer: { type: "int", default: 2 } },
      { id: "name", ask: "Which?", answer: { type: "string" } },
      { id: "work", manual: "Work on ${inputs.node}.", commands: ["reboot ${inputs.node}"] },
      { id: "bye", say: "${string(steps.count.answer)}" },
    );
    expect(play.run()).toMatchObject({
      result: "planned",
      steps: [
        { status: "done", text: "How many? Assumed for the dry run: 2." },
        { status: "planned", text: "A human: Which?" },
        { status: "planned", text: "A human: Work on vault-2.\n$ reboot vault-2" },
        { status: "done", text: "2" },
      ],
    });
  });

  it("gets stuck nowhere: what depends on something that only a real run knows is said to fail, and it goes on", () => {
    const play = dry(
      { id: "name", ask: "Which?", answer: { type: "string" } },
      { id: "tell", say: "x", when: 'steps.name.answer == "a"' },
      { id: "bye", say: "Bye." },
    );
    expect(play.steps()).toEqual(["name planned", "tell failed", "bye done"]);
    expect(play.run()).toMatchObject({ result: "planned" });
  });

  it("says where a real run would end", () => {
    const otherwise = { finish: "resolved", say: "all is well" };
    const play = dry({ id: "look", check: "test.peers", expect: "result.known", otherwise }, REMOVE);
    play.tell(known("look", false));
    expect(play.run()).toMatchObject({ result: "planned", text: "Dry run: it would end here (resolved). all is well" });
  });
});
