import { describe, expect, it } from "@jest/globals";
import { pendingTitle } from "../../src/engine/pending-title.ts";
import { bookOf, playBook } from "./nested-specification.ts";
import { actor, T0 } from "./run-specification.ts";

const scope = {
  inputs: { node: "vault-2", count: 3, list: ["a", "b"] },
  steps: { leader: { node: "vault-0" } },
  items: { peer: { name: "vault-1" } },
};

describe("the title of a step that has not begun", () => {
  it.each([
    { name: "plain text", title: "Look at all nodes", shown: "Look at all nodes" },
    { name: "an input", title: "Restart ${inputs.node}", shown: "Restart vault-2" },
    { name: "several, with blanks", title: "${ inputs.count } times ${inputs.list}", shown: "3 times a, b" },
    { name: "what an earlier step found", title: "Ask ${steps.leader.node}", shown: "Ask vault-0" },
    { name: "the item of a round", title: "Restart ${peer.name}", shown: "Restart vault-1" },
    { name: "what no step has found yet", title: "Ask ${steps.later.node}", shown: "Ask …" },
    { name: "what has to be computed", title: '${inputs.node + "!"} goes', shown: "… goes" },
    { name: "a name that every object has", title: "${inputs.constructor} ${toString}", shown: "… …" },
  ])("shows $name", ({ title, shown }) => {
    expect(pendingTitle(title, scope)).toBe(shown);
  });

  it("is shown in a run from its beginning, and in the rounds of a loop from the loop's", () => {
    const play = playBook(
      bookOf([
        { id: "gone", manual: "Is it gone?" },
        {
          id: "each",
          forEach: '["vault-0", "vault-1"]',
          as: "peer",
          steps: [
            { id: "wait", manual: "Wait." },
            { id: "look", title: "Look at ${peer}", manual: "Look." },
          ],
        },
        { id: "bye", title: "Leave ${inputs.cluster}", say: "Bye." },
      ]),
    );
    const titles = (): readonly string[] => play.open().steps.map(({ title }) => title);
    expect(titles()).toEqual(["gone", "each", "Leave prod"]);
    play.tell({ type: "ConfirmManual", at: T0 + 1, step: "gone", by: actor("alice", "responder") });
    expect(titles()).toEqual(["gone", "each", "wait", "Look at vault-0", "wait", "Look at vault-1", "Leave prod"]);
  });
});
