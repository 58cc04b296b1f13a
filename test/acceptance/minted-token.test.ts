import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { openCore, type Core } from "../../src/app/core.ts";
import { policyText } from "../../src/cli/subcommands/policy.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { recordingLogger } from "../app/recording-logger.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { startOperatorWorld, type OperatorWorld } from "../vault/operator/operator-world.ts";
import { settingsOf } from "./night-world.ts";

const ALICE = { id: "alice", name: "alice", role: "responder", groups: [] } as const;
const BOB = { id: "bob", name: "bob", role: "approver", groups: [] } as const;

const RUNBOOK = {
  id: "hand-over",
  title: "Hand over",
  meaning: "A drill.",
  impact: "A few seconds.",
  verify: "Another node leads.",
  escalate: "Nobody.",
  rollback: "The other node steps down in turn.",
  inputs: { cluster: { type: "cluster" }, node: { type: "node" } },
  steps: [{ id: "hand_over", do: "vault.step-down", with: { node: "${inputs.node}" } }],
};

/*
 * A run from its gate to its end on a real OpenBao, where nothing that sealwatch holds before and after an approval can change anything:
 * the reading token has no line for a call, and the call's token is there for the call alone.
 */
describeWith(["openbao"], "a run whose approved call gets a token of its own", () => {
  let world: OperatorWorld;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

  beforeAll(async () => {
    world = await startOperatorWorld();
    directory = await temporaryDirectory();
    await mkdir(join(directory.path, "runbooks"));
    await writeFile(join(directory.path, "runbooks", "hand-over.yaml"), stringify(RUNBOOK));
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  it("steps the leader down, leaves no token behind, and a run with a stolen copy does not get past its gate", async () => {
    const read = await world.bao.createToken(policyText(world.settings, "runbooks"));
    const { logger, entries } = recordingLogger();
    await using minting = await open("minting", { operator: minted(world) }, { READ: read });
    const leader = await world.bao.activeNode();
    const done = await handOver(minting, leader.name);
    expect(done).toMatchObject({ run: { status: "finished", result: "resolved" } });
    expect((await world.bao.activeNode()).name).not.toBe(leader.name);

    // What the reading token could not have done.
    for (const node of world.bao.nodes) expect(await world.withToken(read, "PUT", "sys/step-down", node)).toBe(403);
    const call = world.exchanges.find(({ path }) => path === "sys/step-down");
    const [login = "", token = ""] = world.tokens();
    expect(call).toMatchObject({ node: leader.name, token, statusCode: 204 });
    for (const node of world.bao.nodes) {
      expect(await world.withToken(token, "PUT", "sys/step-down", node)).toBe(403);
      expect(await world.withToken(login, "GET", "sys/internal/ui/mounts", node)).toBe(403);
    }
    const story = JSON.stringify([done, await minting.store.runs.read(done.run.id), entries]);
    expect(story).toContain("the token of this call was revoked");
    for (const secret of [...world.tokens(), read]) expect(story).not.toContain(secret);

    const before = world.exchanges.filter(({ path }) => path === "sys/step-down").length;
    await using thief = await open("thief", { operatorToken: { env: "STOLEN" } }, { READ: read, STOLEN: token });
    const next = await world.bao.activeNode();
    const stopped = await seen(thief, await start(thief, next.name), "stopped at what it may not do", ({ run }) =>
      JSON.stringify(run).includes("there is no valid token for actions") ? true : undefined,
    );
    expect(JSON.stringify(stopped)).not.toContain(token);
    await thief.runs.ask({ type: "approve", runId: stopped.run.id, gateId: "hand_over.1", by: BOB });
    expect(world.exchanges.filter(({ path }) => path === "sys/step-down")).toHaveLength(before);
    expect((await world.bao.activeNode()).name).toBe(next.name);

    async function open(name: string, part: object, env: Readonly<Record<string, string>>) {
      const file = join(directory.path, `${name}.yaml`);
      const [entry] = world.settings.config.clusters;
      const nodes = entry?.nodes.map(({ name: node, address }) => ({ name: node, address }));
      const cluster = { name: "prod", product: "openbao", nodes, token: { env: "READ" }, ...part };
      await writeFile(
        file,
        stringify({
          store: { path: join(directory.path, `${name}.db`) },
          runbooks: { directory: join(directory.path, "runbooks") },
          clusters: [cluster],
        }),
      );
      const settings = await settingsOf(file, env);
      const core = await openCore({ config: settings.config, env, catalog: () => settings.runbooks, logger });
      await core.runs.begin();
      return Object.assign(core, { [Symbol.asyncDispose]: core.close });
    }
  });
});

/** The operator as the world's own settings have it, in the words of a file. */
function minted(world: OperatorWorld): unknown {
  return world.settings.config.clusters[0]?.operator;
}

async function start(core: Core, node: string): Promise<string> {
  const started = await core.runs.start({
    runbook: "hand-over",
    inputs: { cluster: "prod", node },
    by: ALICE,
    origin: { surface: "cli" },
  });
  if (!started.ok) throw new Error(started.why);
  return started.runId;
}

async function handOver(core: Core, node: string): Promise<LoadedRun> {
  const runId = await start(core, node);
  await seen(core, runId, "at its gate", ({ run }) =>
    run.status === "open" && run.phase.name === "gate" ? true : undefined,
  );
  const answer = await core.runs.ask({ type: "approve", runId, gateId: "hand_over.1", by: BOB, phrase: "prod" });
  if (!answer.ok) throw new Error(answer.why);
  return await seen(core, runId, "finished", ({ run }) => (run.status === "finished" ? true : undefined));
}

async function seen(
  core: Core,
  runId: string,
  what: string,
  fits: (loaded: LoadedRun) => true | undefined,
): Promise<LoadedRun> {
  let last: LoadedRun | undefined;
  try {
    return await waitFor(`the run ${what}`, async () => {
      last = await core.runs.get(runId);
      return last !== undefined && fits(last) === true ? last : undefined;
    });
  } catch (error) {
    throw new Error(`the run is ${JSON.stringify(last?.run)}`, { cause: error });
  }
}
