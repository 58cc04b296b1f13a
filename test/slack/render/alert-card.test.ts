import { describe, expect, it } from "@jest/globals";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { alertCard, type AlertCard } from "../../../src/slack/render/alert-card.ts";
import { alertMessages } from "../../../src/slack/render/alert-messages.ts";
import { alertResolved } from "../../../src/slack/render/alert-resolved.ts";
import { ALERT, alertGroup, finished, gateOpened, started, T0 } from "../timeline.ts";
import { actionsOf, loaded } from "./draw.ts";

const CARD: AlertCard = {
  group: alertGroup(),
  id: "0123456789ab",
  runbook: { id: "sealed-node", title: "A node is sealed" },
  runs: [],
  externalUrl: "https://sealwatch.example",
};
const textOf = (change: Partial<AlertCard>): string => JSON.stringify(alertCard({ ...CARD, ...change }));
const openRun = loaded([started("R1"), ...gateOpened()]).run;

/** Alerts of so many nodes; every second one is resolved. */
function ofNodes(count: number): AlertCard["group"] {
  const alerts = Array.from({ length: count }, (_, index) => ({
    ...ALERT,
    status: index % 2 === 0 ? ("firing" as const) : ("resolved" as const),
    labels: { ...ALERT.labels, vault_node: `vault-${index}` },
    annotations: { summary: `vault-${index} is sealed` },
  }));
  return alertGroup("firing", { alerts });
}

describe("the card of an alert", () => {
  it.each([
    { name: "what", says: '"text":"VaultNodeSealed"' },
    { name: "since when", says: ":rotating_light: *Firing* since <!date^" },
    { name: "how bad and where", says: "severity `page` · cluster `prod` · node `vault-2`" },
    { name: "what that means", says: ":red_circle: vault-2 of prod is sealed" },
    { name: "where to read on", says: "<https://sealwatch.example/runbooks/sealed-node|Runbook page>" },
    { name: "that nobody is on it", says: "nobody is on it yet" },
  ])("says $name", ({ says }) => {
    expect(textOf({})).toContain(says);
  });

  it("shows where a page leads that is not ours", () => {
    const alerts = [{ ...ALERT, annotations: { runbook_url: "https://wiki.example/sealed" } }];
    expect(textOf({ group: alertGroup("firing", { alerts }) })).toContain("|Runbook page (wiki.example)>");
  });

  it("counts what fires and what is over, and puts together what one node has", () => {
    const text = textOf({ group: ofNodes(4) });
    expect(text).toContain("2 firing, 2 resolved");
    expect(text).toContain("*vault-0*\\n:red_circle: vault-0 is sealed");
    expect(text.indexOf("*vault-2*")).toBeLessThan(text.indexOf("*vault-1*"));
  });

  it("of many nodes shows some and counts the rest", () => {
    const text = textOf({ group: ofNodes(60) });
    expect(text).toContain("_and 54 more of 54 other nodes_");
    expect(text).toContain("and 50 more");
  });

  it("says who is on it, what their run waits for and where to watch", () => {
    const text = textOf({ runs: [openRun] });
    expect(text).toContain("A node is sealed: :lock: waiting for approval");
    expect(text).toContain("*alice* is on it");
    expect(text).toContain("<https://sealwatch.example/runs/R1|web>");
    expect(text).not.toContain("nobody is on it");
  });

  it("opens the runbook at once, or a form where the labels do not give everything", () => {
    const { runbook } = CARD;
    expect(actionsOf(alertCard(CARD))).toEqual([ACTIONS.openRunbook]);
    expect(textOf({})).toContain('"value":"alert:0123456789ab"');
    const asks = runbook === undefined ? undefined : { ...runbook, asks: true };
    expect(actionsOf(alertCard({ ...CARD, runbook: asks }))).toEqual([ACTIONS.openRunbookForm]);
  });

  it("offers the other runbooks that list the alert too", () => {
    const others = [
      { id: "kms-gone", title: "The KMS is gone" },
      { id: "lost-quorum", title: "Quorum is lost" },
    ];
    const text = textOf({ others });
    expect(text).toContain('"value":"alert:0123456789ab:kms-gone"');
    expect(text).toContain('"text":"Quorum is lost…"');
  });

  it("says that no runbook answers it", () => {
    const text = textOf({ runbook: undefined });
    expect(text).toContain("no runbook answers this alert");
    expect(text).not.toContain("nobody is on it");
    expect(actionsOf(alertCard({ ...CARD, runbook: undefined }))).toEqual([]);
  });

  it("that is resolved says when and after how long, and opens nothing any more", () => {
    const card = { ...CARD, group: alertGroup("resolved") };
    expect(JSON.stringify(alertCard(card))).toContain(":white_check_mark: *Resolved* <!date^");
    expect(JSON.stringify(alertCard(card))).toContain("after 2m");
    expect(actionsOf(alertCard(card))).toEqual([]);
  });
});

describe("the reply that an alert is resolved", () => {
  const quick = { startsAt: T0 - 30_000 };

  it.each([
    { name: "is due when it fired longer than a minute", group: alertGroup("resolved"), runs: [], due: true },
    {
      name: "is not when it was over before anybody looked",
      group: alertGroup("resolved", quick),
      runs: [],
      due: false,
    },
    {
      name: "is when a run hangs on it, however short",
      group: alertGroup("resolved", quick),
      runs: [openRun],
      due: true,
    },
    { name: "is not while it fires", group: alertGroup("firing"), runs: [openRun], due: false },
  ])("$name", ({ group, runs, due }) => {
    expect(alertResolved({ ...CARD, group, runs }) !== undefined).toBe(due);
  });

  it("is posted once, and says which runs are still open", () => {
    const ended = loaded([started("R2"), finished()]).run;
    const reply = alertResolved({ ...CARD, group: alertGroup("resolved"), runs: [openRun, ended] });
    expect(reply).toMatchObject({ mode: "once", key: `alert:0123456789ab/resolved:${T0 - 120_000}` });
    expect(reply?.text).toContain("*Resolved* after 2m: VaultNodeSealed\n:book: A node is sealed is still open");
    expect(reply?.text.match(/:book:/gu)).toHaveLength(1);
  });
});

describe("the messages of an alert", () => {
  it.each([
    { name: "while it fires: its card", group: alertGroup(), modes: ["live"] },
    {
      name: "once it is over: its card, and a word in its thread",
      group: alertGroup("resolved"),
      modes: ["resolved", "once"],
    },
  ])("are, $name", ({ group, modes }) => {
    const messages = alertMessages({ ...CARD, group });
    expect(messages.map(({ mode }) => mode)).toEqual(modes);
    expect(messages[0]?.key).toBe("alert:0123456789ab/card");
  });
});
