import { describe, expect, it } from "@jest/globals";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { packageRoot } from "../../src/app/package-files.ts";
import { systemClock } from "../../src/app/system.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/*
 * Slack is not there at all: lost-peer is started, gated and finished from terminals of three users of the operating system. A process may
 * change its user only as root; elsewhere this suite is left out.
 */
const isRoot = process.getuid?.() === 0;
const MAIN = join(packageRoot, "src", "main.ts");
const UIDS = { bob: 4001, carol: 4002, dave: 4003 } as const;

(isRoot ? describe : describe.skip)("the terminal alone", () => {
  it("carries lost-peer to its end with the same gates", async () => {
    await using directory = await temporaryDirectory();
    await using cluster = await startSimulatedCluster({ clock: systemClock, clusterName: "prod", deadAfterMs: 1000 });
    const config = await configure(directory.path, cluster.nodes);
    await cluster.stop("vault-2");
    cluster.removeData("vault-2");
    const env = { PATH: process.env["PATH"], VAULT: cluster.rootToken };

    const run = spawn(process.execPath, [MAIN, "run", "lost-peer", "cluster=prod", "node=vault-2", "-c", config], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines: string[] = [];
    for (const stream of [run.stdout, run.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => void lines.push(chunk));
    const output = (): string => lines.join("");
    const sees = async (what: RegExp): Promise<RegExpExecArray> =>
      await waitFor(`"${what.source}" in the terminal`, async () => what.exec(output()) ?? undefined);
    const runId = (await sees(/(?<id>run-[a-z0-9]+):/u)).groups?.["id"] ?? "";
    await sees(/Can `?vault-2`? come back/u);
    const answer = async (user: keyof typeof UIDS | "alice", ...args: readonly string[]): Promise<string> =>
      await call(user, [...args, "-c", config], env);

    expect(await answer("alice", "confirm", runId)).toContain("alice: taken");
    await sees(/GATE remove\.1 \(destructive\)/u);
    expect(await answer("alice", "approve", runId, "--phrase", "prod")).toMatch(/alice may not approve/u);
    expect(await answer("dave", "approve", runId, "--phrase", "prod")).toMatch(
      /may not approve; the role approver is needed/u,
    );
    expect(await answer("bob", "approve", runId)).toMatch(/type the cluster's name exactly: prod/u);
    expect(await answer("bob", "approve", runId, "--phrase", "prod")).toContain("bob: taken");
    expect(await answer("bob", "approve", runId, "--phrase", "prod")).toMatch(/another person must approve too/u);
    expect(cluster.calls.filter(({ path }) => path.endsWith("remove-peer"))).toHaveLength(0);
    expect(await answer("carol", "approve", runId, "--phrase", "prod")).toContain("carol: taken");
    await sees(/Will a replacement join now/u);
    expect(await answer("alice", "answer", runId, "finish")).toContain("alice: taken");
    const [code] = (await once(run, "exit")) as [number];

    expect(output()).toContain("RESOLVED");
    expect(code).toBe(0);
    expect(cluster.calls.filter(({ path }) => path.endsWith("remove-peer"))).toHaveLength(1);
    expect(await answer("alice", "run", "verify", runId)).toMatch(/chain whole, head sha256:[0-9a-f]{64}/u);
    expect(await answer("alice", "runs")).toMatch(new RegExp(`${runId}\\s+lost-peer\\s+prod\\s+resolved`, "u"));
    expect(output()).not.toContain(cluster.rootToken);
  }, 90_000);
});

async function configure(
  directory: string,
  nodes: readonly { readonly name: string; readonly address: string }[],
): Promise<string> {
  const config = join(directory, "sealwatch.yaml");
  const path = join(directory, "sealwatch.db");
  await writeFile(
    config,
    stringify({
      store: { path },
      clusters: [
        { name: "prod", nodes: nodes.map(({ name, address }) => ({ name, address })), token: { env: "VAULT" } },
      ],
      access: {
        people: [
          { name: "alice", role: "responder", cli: "root" },
          { name: "bob", role: "approver", cli: `uid:${UIDS.bob}` },
          { name: "carol", role: "approver", cli: `uid:${UIDS.carol}` },
          { name: "dave", role: "viewer", cli: `uid:${UIDS.dave}` },
        ],
      },
    }),
  );
  // Whoever answers in a terminal writes the store's file: here everybody may, in life a group of the operating system.
  openSqliteStore({ path }).close();
  await chmod(directory, 0o777);
  await chmod(path, 0o666);
  await chmod(config, 0o644);
  return config;
}

async function call(
  user: keyof typeof UIDS | "alice",
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const identity = user === "alice" ? {} : { uid: UIDS[user], gid: UIDS[user] };
  return await new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env, ...identity }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
