/*
 * Takes the pictures of docs/images: the program with a simulated cluster and the stand-in for Slack, in Chromium. What is seen are the payloads that Slack
 * would get. Run with `npm run screens`; look at every picture before you commit it.
 */
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { packageRoot } from "../../src/app/package-files.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { StandInMessage } from "../../src/sandbox/slack/workspace.ts";
import { ACTIONS } from "../../src/slack/ids.ts";
import { CHANNEL, startPlays, type PlaysWorld } from "../acceptance/slack-plays-world.ts";
import { PEOPLE, type PersonName } from "../support/slack-people.ts";

/** Chromium looks for its maker's hosts unless it is told not to. */
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"];
const DESKTOP = { width: 1200, height: 820 };
/** As wide as a phone, and so high that a whole message or form is seen. */
const PHONE = { width: 420, height: 1600 };

type Screen = {
  readonly name: string;
  readonly as: PersonName;
  readonly size: { readonly width: number; readonly height: number };
  readonly channel?: string;
  readonly thread?: string;
  /** The one message that is shown; default: the whole window. */
  readonly message?: string;
};

async function take(browser: Browser, { slack }: PlaysWorld, screen: Screen): Promise<void> {
  const { name, as, size, channel = CHANNEL, thread, message } = screen;
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: 2 });
  const where = { as: PEOPLE[as], channel, ...(thread !== undefined && { thread }) };
  await page.goto(`${slack.pageUrl}?${new URLSearchParams(where).toString()}`);
  await page.waitForSelector(channel === "home" ? "#home *" : "#channel *", { state: "attached" });
  await page.waitForLoadState("networkidle").catch(() => {});
  const path = join(packageRoot, "docs", "images", `${name}.png`);
  const around = thread === undefined ? "#channel" : "#replies";
  if (message === undefined) await page.screenshot({ path });
  else await page.locator(`${around} [data-ts="${message}"]`).screenshot({ path });
  await page.close();
  process.stdout.write(`docs/images/${name}.png\n`);
}

const has = (action: string) => (message: StandInMessage) =>
  JSON.stringify(message.blocks).includes(`"action_id":"${action}"`);

await using world = await startPlays("socket");
const { slack, cluster, app } = world;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET });
try {
  await cluster.stop("vault-2");
  cluster.removeData("vault-2");
  const labels = { severity: "critical", vault_cluster: "prod", vault_node: "vault-2" };
  await world.alert("firing", { alertname: "VaultQuorumAtRisk", ...labels });
  const card = await world.message("the alert's card", has(ACTIONS.openRunbook));
  await take(browser, world, { name: "alert", as: "alice", size: PHONE, message: card.ts });

  await slack.as(PEOPLE.alice).click(card.ts, ACTIONS.openRunbook);
  const manual = await world.message("the question", has(ACTIONS.manualDone));
  await slack.as(PEOPLE.alice).click(manual.ts, ACTIONS.manualDone);
  const gate = await world.message("the gate", has(ACTIONS.confirmGate));
  await app.slack?.idle();
  const run = await world.message("the run's card", (message) =>
    /run:[^"]*\/card/u.test(JSON.stringify(message.metadata)),
  );
  const inThread = { size: PHONE, thread: card.ts } as const;
  await take(browser, world, { name: "card", as: "alice", ...inThread, message: run.ts });
  await take(browser, world, { name: "gate", as: "bob", ...inThread, message: gate.ts });

  await slack.as(PEOPLE.bob).openHome();
  await waitFor("the home", async () => slack.homes(PEOPLE.bob));
  await app.slack?.idle();
  await take(browser, world, { name: "home", as: "bob", size: DESKTOP, channel: "home" });

  await slack.as(PEOPLE.bob).click(gate.ts, ACTIONS.confirmGate);
  await waitFor("the form", async () =>
    JSON.stringify(slack.views(PEOPLE.bob)).includes("sealwatch.phrase") ? true : undefined,
  );
  await take(browser, world, { name: "approve", as: "bob", ...inThread, size: { width: 420, height: 1130 } });
} finally {
  await browser.close();
}
