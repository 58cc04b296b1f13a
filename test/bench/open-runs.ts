/*
 * 200 open runs on 20 clusters, 50 of them moving each second, with the Slack bot: how much memory the program holds, how many `chat.update` a minute
 * it makes, and how long one append to a run takes meanwhile. The program is a process of its own (open-runs-side.ts). Run with `npm run bench -- open-runs`.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startSlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import type { OpenRunsResult } from "./open-runs-side.ts";

const CLUSTERS = 20;
const TARGET = { rssMb: 256, updatesAMinute: 40, appendMs: 20 };

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const verdict = (value: number, target: number): string => `target <= ${target}: ${value <= target ? "met" : "MISSED"}`;

await using directory = await temporaryDirectory();
const clock = { now: () => Date.now() };
const clusters = await Promise.all(
  Array.from(
    { length: CLUSTERS },
    async (_, index) => await startSimulatedCluster({ clock, clusterName: `c${index}` }),
  ),
);
await using slack = await startSlackStandIn({
  users: [{ id: "U0ALICE", name: "alice" }],
  channel: { id: "C0BENCH", name: "vault" },
  botToken: "xoxb-bench",
  appToken: "xapp-bench",
  clock,
});
const setup = {
  directory: directory.path,
  apiUrl: slack.apiUrl,
  clusters: clusters.map(({ nodes }, index) => ({
    name: `c${index}`,
    nodes: nodes.map(({ name, address }) => ({ name, address })),
  })),
};
/** What the image gives to Node. */
const [, options = ""] =
  /^ENV NODE_OPTIONS="?([^"\n]*)/mu.exec(await readFile(new URL("../../Dockerfile", import.meta.url), "utf8")) ?? [];
const child = fork(fileURLToPath(new URL("open-runs-side.ts", import.meta.url)), [JSON.stringify(setup)], {
  env: { PATH: process.env["PATH"], NODE_OPTIONS: options },
});
const [result] = (await once(child, "message")) as [OpenRunsResult];
const from = result.measuredFrom;
const updates = slack.calls().filter(({ method, at }) => method === "chat.update" && at >= from);
const minutes = (result.measuredTo - from) / 60_000;
const inAnyMinute = updates.reduce(
  (most, { at }) => Math.max(most, updates.filter((other) => other.at >= at && other.at < at + 60_000).length),
  0,
);
child.send("end");
if (child.exitCode === null) await once(child, "exit");
await Promise.all(clusters.map(async (cluster) => await cluster[Symbol.asyncDispose]()));

write(`${result.open} open runs on ${CLUSTERS} clusters, ${result.moving} moving, for ${minutes.toFixed(1)} minutes:`);
write(`  RSS ${Math.round(result.rssMb)} MB (${verdict(result.rssMb, TARGET.rssMb)})`);
write(
  `  chat.update: ${(updates.length / minutes).toFixed(1)} a minute, at most ${inAnyMinute} in any (${verdict(inAnyMinute, TARGET.updatesAMinute)})`,
);
write(
  `  appending to a run: p99 ${result.appendP99Ms.toFixed(1)} ms (${verdict(result.appendP99Ms, TARGET.appendMs)})`,
);
