import { describe, expect, it } from "@jest/globals";
import { offeredRunbooks } from "../../../src/slack/buttons/offered-runbooks.ts";
import type { Runbook } from "../../../src/runbook/schema.ts";
import { alertGroup, runbook } from "../timeline.ts";
import { fakeBot } from "./fake-bot.ts";

const more = (id: string, alerts: readonly string[]): Runbook => ({ ...runbook, id, title: id, alerts: [...alerts] });
const catalogOf =
  (...all: readonly Runbook[]) =>
  () =>
    new Map(all.map((held) => [held.id, { runbook: held }] as const));

describe("the runbooks that an alert's card offers", () => {
  it("are the one that answers it, and the others that list one of its alerts", () => {
    const catalog = catalogOf(more("kms-gone", ["VaultNodeSealed"]), runbook, more("leases", ["VaultLeases"]));
    expect(offeredRunbooks(fakeBot({ catalog }).bot, alertGroup())).toEqual({
      runbook: { id: "sealed-node", title: "A node is sealed", asks: false },
      others: [{ id: "kms-gone", title: "kms-gone" }],
    });
  });

  it("ask for what no label gives", () => {
    const match = () => ({ runbook: runbook.id, inputs: { cluster: "prod" } });
    expect(offeredRunbooks(fakeBot({ match }).bot, alertGroup()).runbook).toMatchObject({ asks: true });
  });

  it.each([
    { name: "none answers it", match: () => undefined },
    { name: "the one that answers it is gone", match: () => ({ runbook: "gone", inputs: {} }) },
  ])("are none when $name", ({ match }) => {
    const catalog = catalogOf(more("kms-gone", ["VaultNodeSealed"]));
    expect(offeredRunbooks(fakeBot({ match, catalog }).bot, alertGroup())).toEqual({ runbook: undefined, others: [] });
  });
});
