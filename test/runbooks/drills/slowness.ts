import { textsOf } from "../../../src/cli/rehearsal/facts.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import type { LoadedRun } from "../../../src/runner/ports.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { startRequestLoop, type RunningLoop } from "../../support/request-loop.ts";
import type { DrillWorld } from "./drill-world.ts";

/** Starts four writers at a time on an engine of their own, and waits for their first answer. */
export async function startWriter(cluster: OpenBaoCluster): Promise<RunningLoop> {
  const active = await cluster.activeNode();
  await cluster.call(active, "POST", "sys/mounts/team", { type: "kv" });
  const token = await cluster.createToken(`path "team/*" { capabilities = ["create", "update"] }`);
  const body = JSON.stringify({ answer: "42" });
  const writer = startRequestLoop({
    address: active.address,
    token,
    method: "POST",
    path: "team/#",
    body,
    parallel: 4,
  });
  await waitFor("the first write", async () => (writer.statuses().includes(204) ? true : undefined));
  return writer;
}

/** How long the middle one of five writes takes, in milliseconds, by the test's own requests. */
export async function writeMs(cluster: OpenBaoCluster): Promise<number> {
  const active = await cluster.activeNode();
  const took: number[] = [];
  for (let each = 0; each < 5; each++) {
    const begun = performance.now();
    await cluster.call(active, "POST", `team/own-${each}`, { answer: "42" });
    took.push(performance.now() - begun);
  }
  return took.sort((left, right) => left - right)[2] ?? Infinity;
}

/** Whether a node answers a request with a token within a second. */
export async function answersInTime({ address }: OpenBaoNode, token: string): Promise<boolean> {
  const url = `${address}/v1/auth/token/lookup-self`;
  const asked = fetch(url, { headers: { "x-vault-token": token }, signal: AbortSignal.timeout(1000) });
  return await asked.then(
    ({ ok }) => ok,
    () => false,
  );
}

/** How many requests the leader is serving at this moment. */
export async function inFlight(cluster: OpenBaoCluster): Promise<number> {
  const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/in-flight-req");
  return Object.keys(body as object).length;
}

/** How many leases a node counts. */
export async function leasesOf(cluster: OpenBaoCluster, node: OpenBaoNode): Promise<number> {
  const { body } = await cluster.call(node, "GET", "sys/metrics?format=prometheus");
  return Number(/^vault_expire_num_leases (?<count>\S+)$/mu.exec(String(body))?.groups?.["count"] ?? 0);
}

/** Everything that the run told people, from what was stored of it. */
export async function saidBy({ app }: DrillWorld, { run }: LoadedRun): Promise<string> {
  const stored = await app.core.store.runs.read(run.id);
  return stored.flatMap(({ event }) => textsOf(event)).join("\n");
}

/** The steps that were carried out, in order. */
export function stepsOf({ run }: LoadedRun): readonly string[] {
  return run.steps.filter(({ status }) => status === "done").map(({ id }) => id);
}
