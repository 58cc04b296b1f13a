import { describe, expect, it } from "@jest/globals";
import { bookOf, innerOf, known, playBook } from "./nested-specification.ts";
import { actor, T0 } from "./run-specification.ts";

const loop = (steps: readonly unknown[], list = '["a", "b"]') => ({ id: "rolling", forEach: list, as: "word", steps });
const tell = { id: "tell", say: "${word} on ${inputs.node}" };

describe("forEach", () => {
  it("carries out its steps once for every item, in order, and counts them", () => {
    const play = playBook(bookOf([loop([tell]), { id: "bye", say: "${steps.rolling.count} words" }]));
    expect(play.run()).toMatchObject({ status: "finished", result: "resolved" });
    expect(play.steps()).toEqual(["rolling done", "rolling[0].tell done", "rolling[1].tell done", "bye done"]);
    expect(play.run()).toMatchObject({
      steps: [{ text: "2 done" }, { text: "a on vault-2" }, { text: "b on vault-2" }, { text: "2 words" }],
      results: { rolling: { count: 2, done: 2, failed: 0, skipped: 0 } },
    });
  });

  it("is done at once for an empty list", () => {
    const play = playBook(bookOf([loop([tell], '["a"].filter(w, w == "b")')]));
    expect(play.steps()).toEqual(["rolling done"]);
    expect(play.run()).toMatchObject({ results: { rolling: { count: 0 } } });
  });

  it("reads the results of its own round only", () => {
    const play = playBook(
      bookOf([
        loop([
          { id: "look", check: "test.peers" },
          { id: "report", say: "${word}: ${string(steps.look.known)}" },
        ]),
      ]),
    );
    play.tell(known("rolling[0].look", true));
    play.tell(known("rolling[1].look", false));
    expect(play.run()).toMatchObject({
      steps: [{}, {}, { text: "a: true" }, {}, { text: "b: false" }],
    });
  });

  it("goes on with the next step of the round when one may fail, and counts it", () => {
    const look = { id: "look", check: "test.peers", expect: "result.known", onFailure: "continue" };
    const play = playBook(bookOf([loop([look])]));
    play.tell(known("rolling[0].look", false));
    play.tell(known("rolling[1].look", true));
    expect(play.run()).toMatchObject({ results: { rolling: { count: 2, done: 1, failed: 1 } } });
  });

  it("stands at the step of the round that needs people, and a retry begins that step again", () => {
    const play = playBook(bookOf([loop([{ id: "look", check: "test.peers", expect: "result.known" }])]));
    play.tell(known("rolling[0].look", false));
    expect(play.open().phase).toMatchObject({ name: "stuck", step: "rolling[0].look" });
    play.tell({ type: "Retry", at: T0 + 2, step: "rolling[0].look", by: actor("bob") });
    play.tell(known("rolling[0].look", true));
    expect(play.open().phase).toMatchObject({ name: "checking", step: "rolling[1].look" });
  });

  it.each([
    { items: 100, phase: "checking" },
    { items: 101, phase: "stuck" },
  ])("of $items items is $phase: nobody watches more than 100 being worked off", ({ items, phase }) => {
    const runbook = bookOf([loop([{ id: "look", check: "test.peers" }])]);
    const list = (): readonly string[] => Array.from({ length: items }, (_, index) => `vault-${index}`);
    const play = playBook(runbook, {}, {}, { rolling: { list } });
    expect(play.open().phase.name).toBe(phase);
  });

  it("refuses to begin when loops in loops would make more steps than anybody can carry", () => {
    const inside = {
      id: "inner",
      forEach: "[1]",
      as: "digit",
      steps: Array.from({ length: 30 }, (_, index) => ({ id: `s${index}`, say: "x" })),
    };
    const list = (): readonly string[] => Array.from({ length: 100 }, (_, index) => `vault-${index}`);
    const play = playBook(bookOf([loop([inside])]), {}, {}, { rolling: { list }, "rolling.inner": { list } });
    const { phase } = play.open();
    expect(phase).toMatchObject({ name: "stuck", step: "rolling[0].inner" });
    expect(phase.name === "stuck" ? phase.failure.message : "").toContain("1000 are the most");
  });

  it("may stand in another, each round with both items", () => {
    const inside = { id: "inner", forEach: '["1", "2"]', as: "digit", steps: [{ id: "tell", say: "${word}${digit}" }] };
    const play = playBook(bookOf([loop([inside])]));
    expect(play.run()).toMatchObject({ status: "finished" });
    expect(play.steps()).toEqual([
      "rolling done",
      "rolling[0].inner done",
      "rolling[0].inner[0].tell done",
      "rolling[0].inner[1].tell done",
      "rolling[1].inner done",
      "rolling[1].inner[0].tell done",
      "rolling[1].inner[1].tell done",
    ]);
    const said = play
      .events()
      .flatMap((event) => (event.type === "StepSucceeded" && event.step.endsWith("tell") ? [event.text] : []));
    expect(said).toEqual(["a1", "a2", "b1", "b2"]);
  });
});

describe("include", () => {
  const inner = innerOf([
    { id: "look", check: "test.peers", expect: "result.known", otherwise: { finish: "resolved", say: "all is well" } },
    { id: "tell", say: "${inputs.word} ${string(inputs.times)} on ${inputs.where}" },
  ]);
  const include = { id: "part", include: "inner", with: { word: "hello" } };
  const after = { id: "after", say: "it was ${steps.part.result}" };

  it("carries out another runbook's steps with its own inputs, its cluster being the run's", () => {
    const play = playBook(bookOf([include, after]), { inner });
    play.tell(known("part.look", true));
    expect(play.run()).toMatchObject({ status: "finished", result: "resolved" });
    expect(play.steps()).toEqual(["part done", "part.look done", "part.tell done", "after done"]);
    const said = play.events().flatMap((event) => (event.type === "StepSucceeded" ? [event.text] : []));
    expect(said).toContain("hello 3 on prod");
    expect(said).toContain("it was done");
  });

  it("ends by itself when the included runbook says that there is nothing to do, and the run goes on", () => {
    const play = playBook(bookOf([include, after]), { inner });
    play.tell(known("part.look", false));
    expect(play.run()).toMatchObject({ status: "finished", result: "resolved" });
    expect(play.steps()).toEqual(["part done", "part.look done", "part.tell skipped", "after done"]);
    expect(play.events().some((event) => event.type === "StepSucceeded" && event.text === "it was resolved")).toBe(
      true,
    );
  });

  it("stops the whole run when the included runbook stops: whoever wrote it meant stop", () => {
    const stopping = innerOf([
      { id: "look", check: "test.peers", expect: "result.known", otherwise: { finish: "stopped", say: "hands off" } },
    ]);
    const play = playBook(bookOf([include, after]), { inner: stopping });
    play.tell(known("part.look", false));
    expect(play.run()).toMatchObject({ status: "finished", result: "stopped", text: "hands off" });
  });

  it("stands in a round, and a round in it", () => {
    const round = innerOf([{ id: "each", forEach: '["x"]', steps: [{ id: "tell", say: "${inputs.word}-${item}" }] }]);
    const play = playBook(
      bookOf([
        {
          id: "rolling",
          forEach: '["a", "b"]',
          as: "word",
          steps: [{ id: "part", include: "inner", with: { word: "${word}" } }],
        },
      ]),
      { inner: round },
    );
    expect(play.run()).toMatchObject({ status: "finished" });
    const said = play
      .events()
      .flatMap((event) =>
        event.type === "StepSucceeded" && event.step.endsWith("tell") ? [`${event.step}: ${event.text}`] : [],
      );
    expect(said).toEqual(["rolling[0].part.each[0].tell: a-x", "rolling[1].part.each[0].tell: b-x"]);
  });
});

describe("ask", () => {
  const ask = { id: "count", ask: "How many on ${inputs.node}?", answer: { type: "int", min: 1, max: 5 } };

  it("waits for a human, and later steps read the answer", () => {
    const play = playBook(bookOf([ask, { id: "bye", say: "${string(steps.count.answer + 1)}" }]));
    expect(play.open().phase).toMatchObject({ name: "asking", text: "How many on vault-2?" });
    play.tell({ type: "Answer", at: T0 + 1, step: "count", by: actor("bob", "responder"), value: "4" });
    expect(play.run()).toMatchObject({ steps: [{ by: { id: "bob" }, text: "bob answered: 4" }, { text: "5" }] });
  });

  it("takes no answer that does not fit, and says why", () => {
    const play = playBook(bookOf([ask]));
    expect(() => play.tell({ type: "Answer", at: T0 + 1, step: "count", by: actor("bob"), value: "9" })).toThrow(
      /^the answer does not fit: /u,
    );
    expect(play.open().phase.name).toBe("asking");
  });

  it("takes no answer from someone who may only look, nor for another step", () => {
    const play = playBook(bookOf([ask]));
    const answer = { type: "Answer", at: T0 + 1, step: "count", value: "2" } as const;
    expect(() => play.tell({ ...answer, by: actor("dave", "viewer") })).toThrow("the role responder is needed");
    expect(() => play.tell({ ...answer, step: "other", by: actor("bob") })).toThrow("no longer waits for an answer");
  });
});
