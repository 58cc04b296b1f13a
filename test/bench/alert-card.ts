/*
 * From Alertmanager's webhook to the card in Slack, against a bare `chat.postMessage` to the same stand-in in the same run; then a burst of 500 alerts in 25
 * groups at once: one card a group, none lost. `sealwatch serve` is a process of its own. Run with `npm run bench -- alert-card`.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startSlackStandIn, type SlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { serveProcess } from "../acceptance/served-process.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { median } from "./report.ts";

const ROUNDS = 30;
/** Slack takes one post a second in a channel: a card that waited for its turn would measure the pace and not us. */
const ROUND_EVERY_MS = 2200;
const ALLOWED_MS = 50;
const GROUPS = 25;
const ALERTS_A_GROUP = 20;
const BOT_TOKEN = "xoxb-bench";
const WEBHOOK_TOKEN = "bench-webhook";
const CHANNEL = "C0BENCH";

const write = (line: string): void => void process.stdout.write(`${line}\n`);

function groupOf(name: string, count: number): unknown {
  const startsAt = new Date().toISOString();
  const alerts = Array.from({ length: count }, (_, index) => ({
    status: "firing",
    labels: { alertname: "VaultNodeSealed", vault_cluster: "prod", vault_node: `vault-${index}`, group: name },
    annotations: { summary: `vault-${index} of prod is sealed (${name})` },
    startsAt,
    endsAt: "0001-01-01T00:00:00Z",
    fingerprint: `${name}-${index}`,
  }));
  const common = { groupLabels: { group: name }, commonLabels: {}, commonAnnotations: {}, externalURL: "http://am" };
  return { version: "4", groupKey: `{}:{group="${name}"}`, status: "firing", receiver: "sealwatch", ...common, alerts };
}

async function tell(address: string, group: unknown): Promise<void> {
  const answer = await fetch(`${address}/alertmanager`, {
    method: "POST",
    headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(group),
  });
  if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}: ${await answer.text()}`);
}

async function barePost(slack: SlackStandIn): Promise<number> {
  const began = performance.now();
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "a card".repeat(100) } }];
  await fetch(`${slack.apiUrl}chat.postMessage`, {
    method: "POST",
    headers: { authorization: `Bearer ${BOT_TOKEN}`, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ channel: CHANNEL, text: "a card", blocks }),
  });
  return performance.now() - began;
}

async function card(slack: SlackStandIn, address: string, name: string): Promise<number> {
  const began = performance.now();
  const seen = slack.waitForMessage((message) => JSON.stringify(message.blocks).includes(`(${name})`), 20_000);
  await Promise.all([tell(address, groupOf(name, 1)), seen]);
  return performance.now() - began;
}

await using directory = await temporaryDirectory();
await using slack = await startSlackStandIn({
  users: [{ id: "U0ALICE", name: "alice" }],
  channel: { id: CHANNEL, name: "vault" },
  botToken: BOT_TOKEN,
  appToken: "xapp-bench",
  clock: { now: () => Date.now() },
});
const file = join(directory.path, "sealwatch.json");
await writeFile(
  file,
  JSON.stringify({
    listen: "127.0.0.1:0",
    store: { path: join(directory.path, "sealwatch.db") },
    clusters: [{ name: "prod", nodes: [{ name: "vault-0", address: "http://127.0.0.1:1" }] }],
    alertmanager: { token: { env: "WEBHOOK" } },
    slack: { appToken: { env: "APP" }, botToken: { env: "BOT" }, channel: CHANNEL, apiUrl: slack.apiUrl },
  }),
);
await using served = await serveProcess(file, { APP: "xapp-bench", BOT: BOT_TOKEN, WEBHOOK: WEBHOOK_TOKEN });
await waitFor("the connection to Slack", async () => (slack.connections() > 0 ? true : undefined));

const floor: number[] = [];
const ours: number[] = [];
// The first round loads and compiles, and is not counted.
for (let round = 0; round <= ROUNDS; round += 1) {
  const [post, shown] = [await barePost(slack), await card(slack, served.address, `round-${round}`)];
  if (round > 0) {
    floor.push(post);
    ours.push(shown);
  }
  await pause(ROUND_EVERY_MS);
}
const extra = median(ours) - median(floor);
const worst = [...ours].sort((left, right) => right - left)[Math.ceil(ROUNDS / 20) - 1] ?? Number.NaN;
write(
  `webhook to card: p50 ${median(ours).toFixed(1)} ms, ${extra.toFixed(1)} ms above a bare post of ${median(floor).toFixed(1)} ms (target <= ${ALLOWED_MS}: ${extra <= ALLOWED_MS ? "met" : "MISSED"}); p95 ${worst.toFixed(1)} ms`,
);

const names = Array.from({ length: GROUPS }, (_, index) => `burst-${index}`);
const began = performance.now();
await Promise.all(names.map(async (name) => await tell(served.address, groupOf(name, ALERTS_A_GROUP))));
const taken = performance.now() - began;
const cardsOf = (name: string): number =>
  slack.messages().filter((message) => JSON.stringify(message.blocks).includes(`(${name})`)).length;
await waitFor("every card", async () => (names.every((name) => cardsOf(name) > 0) ? true : undefined), {
  timeoutMs: 120_000,
  everyMs: 100,
});
const shownMs = performance.now() - began;
const twice = names.filter((name) => cardsOf(name) > 1).length;
write(
  `${GROUPS * ALERTS_A_GROUP} alerts in ${GROUPS} groups at once: all taken after ${Math.round(taken)} ms, all ${GROUPS} cards there after ${(shownMs / 1000).toFixed(1)} s, ${twice} of them twice (target: one a group, none lost, 60 s: ${twice === 0 && shownMs < 60_000 ? "met" : "MISSED"})`,
);
