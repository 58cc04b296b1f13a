import { describe, expect, it } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import { BUTTONS } from "../../../src/slack/buttons/index.ts";
import { ACTIONS, VIEWS } from "../../../src/slack/ids.ts";
import { MODALS } from "../../../src/slack/modals/index.ts";
import { alertCard } from "../../../src/slack/render/alert-card.ts";
import { actionsOf, draw } from "../render/draw.ts";
import {
  alertGroup,
  asked,
  gateOpened,
  held,
  lockedOut,
  manualBegun,
  started,
  stuck,
  TYPED,
  unknown,
  waiting,
} from "../timeline.ts";

const PHASES: readonly (readonly RunEvent[])[] = [
  gateOpened(),
  gateOpened(TYPED),
  manualBegun(),
  stuck(),
  unknown(),
  asked(),
  held(),
  lockedOut(),
  waiting(),
];

describe("every button that a message has", () => {
  it.each(PHASES.map((events) => ({ phase: events.at(-1)?.type, events })))(
    "is answered, in a run after $phase",
    ({ events }) => {
      const actions = draw([started("R1"), ...events]).messages.flatMap(actionsOf);
      expect(actions.length).toBeGreaterThan(1);
      for (const action of actions) expect(BUTTONS).toHaveProperty([action]);
    },
  );

  it.each([{ asks: true }, { asks: false }])("is answered, on an alert's card (asks: $asks)", ({ asks }) => {
    const runbook = { id: "a", title: "a", asks };
    const card = {
      group: alertGroup(),
      id: "x",
      runbook,
      others: [runbook],
      runs: [],
      externalUrl: "https://x.example",
    };
    const actions = actionsOf(alertCard(card));
    expect(actions).toHaveLength(2);
    for (const action of actions) expect(BUTTONS).toHaveProperty([action]);
  });
});

describe("the registry of forms", () => {
  it("answers every form that there is", () => {
    expect(Object.keys(MODALS).toSorted()).toEqual(Object.values(VIEWS).toSorted());
  });

  it("has ids of its own for what opens a form at once", () => {
    const ids = Object.values(ACTIONS);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
