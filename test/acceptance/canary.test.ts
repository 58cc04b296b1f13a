import { describe, expect, it } from "@jest/globals";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { ACTIONS, BLOCKS, VIEWS } from "../../src/slack/ids.ts";
import { systemClock } from "../../src/app/system.ts";
import { startSlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { holds, PEOPLE } from "./night-world.ts";
import { serveProcess } from "./served-process.ts";

/*
 * Canaries: a token and a key share are put into everything that takes input, the program's own secrets are canaries too, and then
 * everything that it ever wrote is searched for them: log, Slack, metrics, pages, the store's files.
 */
const TOKEN = "hvs.CAESICANARYtokenCANARYtokenCANARYtokenCANARY00";
const SHARE = Buffer.from(Array.from({ length: 33 }, (_, index) => (index * 97 + 13) % 256)).toString("base64");
const OWN = {
  VAULT: "s.canaryVaultTokenOfTheExporter",
  SLACK_BOT: "xoxb-canary-0002-bot",
  SLACK_APP: "xapp-canary-0002-app",
  WEBHOOK: "canary-webhook-0002",
};

describe("a canary token and a canary key share", () => {
  it("put into every input appear nowhere", async () => {
    await using directory = await temporaryDirectory();
    await using cluster = await startSimulatedCluster({ clock: systemClock, clusterName: "prod" });
    cluster.policy(OWN.VAULT, [{ path: "sys/storage/raft/configuration", capabilities: ["read"] }]);
    const users = Object.entries(PEOPLE).map(([name, id]) => ({ id, name }));
    await using slack = await startSlackStandIn({
      users,
      channel: { id: "C0VAULT", name: "vault" },
      botToken: OWN.SLACK_BOT,
      appToken: OWN.SLACK_APP,
      clock: systemClock,
    });
    const config = join(directory.path, "sealwatch.yaml");
    await writeFile(config, stringify(configuration(directory.path, cluster.nodes, slack.apiUrl)));
    await using served = await serveProcess(config, OWN);
    await waitFor("the connection to Slack", async () => (slack.connections() > 0 ? true : undefined));

    const alice = slack.as(PEOPLE.alice);
    for (const canary of [TOKEN, SHARE]) {
      for (const text of [
        canary,
        `status ${canary}`,
        `runbook ${canary}`,
        `runbook sealed-node cluster=prod node=${canary}`,
        `runbook sealed-node cluster=${canary}`,
      ]) {
        await alice.slash("/vault", text);
      }
    }
    await slack.waitForEphemeral(PEOPLE.alice, (ephemeral) =>
      /looks like a/u.test(ephemeral.text + JSON.stringify(ephemeral.blocks)),
    );

    cluster.seal("vault-2");
    await alice.slash("/vault", "runbook sealed-node cluster=prod node=vault-2");
    const waiting = await slack.waitForMessage((message) => holds(message, `"action_id":"${ACTIONS.skip}"`), 20_000);
    for (const canary of [TOKEN, SHARE]) {
      await alice.click(waiting.ts, ACTIONS.skip);
      const view = await slack.waitForView(PEOPLE.alice, VIEWS.skip);
      expect(await alice.submit(view.id, { [BLOCKS.reason]: `because ${canary}` })).toMatchObject({
        outcome: "errors",
      });
      await alice.close(view.id);
    }
    expect(await post(served.address, OWN.WEBHOOK)).toBe(200);
    expect(await post(served.address, TOKEN)).toBe(401);
    await slack.waitForMessage((message) => holds(message, "VaultCanary"), 20_000);
    // The holders enter real shares at the node itself: those must not appear either.
    for (const share of cluster.unsealKeys.slice(0, 2)) cluster.unsealShare("vault-2", share);
    const pages = await readPages(served.address);
    await waitFor("the node unsealed on the metrics page", async () =>
      /sealwatch_node_sealed\{.*vault-2.*\} 0/u.test(await read(served.address, "/metrics")) ? true : undefined,
    );
    await served.kill("SIGTERM");

    const places = {
      log: served.output(),
      slack: JSON.stringify(slack.payloads()),
      pages,
      store: await storeFiles(directory.path),
    };
    const canaries = {
      TOKEN,
      SHARE,
      ...OWN,
      rootToken: cluster.rootToken,
      ...Object.fromEntries(cluster.unsealKeys.map((key, index) => [`unsealKey${index}`, key])),
    };
    for (const [place, text] of Object.entries(places)) {
      expect(text.length).toBeGreaterThan(100);
      for (const [name, canary] of Object.entries(canaries))
        expect({ place, name, leaks: text.includes(canary) }).toEqual({ place, name, leaks: false });
    }
  });
});

function configuration(
  directory: string,
  nodes: readonly { readonly name: string; readonly address: string }[],
  apiUrl: string,
): unknown {
  return {
    listen: "127.0.0.1:0",
    log: { level: "debug" },
    store: { path: join(directory, "sealwatch.db") },
    clusters: [{ name: "prod", nodes: nodes.map(({ name, address }) => ({ name, address })), token: { env: "VAULT" } }],
    alertmanager: { token: { env: "WEBHOOK" } },
    slack: { appToken: { env: "SLACK_APP" }, botToken: { env: "SLACK_BOT" }, channel: "C0VAULT", apiUrl },
    access: { people: [{ name: "alice", role: "responder", slack: PEOPLE.alice }] },
  };
}

/** An alert whose labels and annotations hold the canaries. */
async function post(address: string, token: string): Promise<number> {
  const labels = {
    alertname: "VaultCanary",
    vault_cluster: "prod",
    vault_node: TOKEN,
    runbook: "sealed-node",
    note: SHARE,
  };
  const alert = {
    status: "firing",
    labels,
    annotations: {
      summary: `token ${TOKEN}`,
      description: `share ${SHARE}`,
      runbook_url: `https://example.org/?t=${TOKEN}`,
    },
    startsAt: "2026-11-22T03:02:00Z",
    endsAt: "0001-01-01T00:00:00Z",
    fingerprint: "f1",
    generatorURL: "https://example.org",
  };
  const payload = {
    version: "4",
    groupKey: `{}:{alertname="VaultCanary", t="${TOKEN}"}`,
    truncatedAlerts: 0,
    status: "firing",
    receiver: "sealwatch",
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: "https://example.org",
    alerts: [alert],
  };
  const answer = await fetch(`${address}/alertmanager`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
  return answer.status;
}

async function readPages(address: string): Promise<string> {
  const query = encodeURIComponent(TOKEN);
  const share = encodeURIComponent(SHARE);
  const paths = [
    "/metrics",
    "/",
    "/-/ready",
    `/runbooks/sealed-node?cluster=prod&node=${query}`,
    `/runbooks/${query}`,
    `/runs/${share}`,
    `/nothing?x=${query}`,
  ];
  return (await Promise.all(paths.map(async (path) => await read(address, path)))).join("\n");
}

async function read(address: string, path: string): Promise<string> {
  return await (await fetch(address + path)).text();
}

/** Everything in the store's directory but the configuration, which names no secret. */
async function storeFiles(directory: string): Promise<string> {
  const names = await readdir(directory);
  return (
    await Promise.all(names.map(async (name) => (await readFile(join(directory, name))).toString("latin1")))
  ).join("\n");
}
