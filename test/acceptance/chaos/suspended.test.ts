import { readFile } from "node:fs/promises";
import { expect, it, jest } from "@jest/globals";
import { systemTimers } from "../../../src/app/system.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openPostgresStore } from "../../../src/store/postgres/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { ROLE, startPostgresql } from "../../support/postgresql.ts";
import { describeWith } from "../../support/real.ts";
import { createChaosService } from "./chaos-world.ts";
import { startCountingVault } from "./counting-vault.ts";
import { startRunner, type RunnerProcess } from "./runner-process.ts";

/*
 * A process that stands still is worse than one that is dead: it goes on where it was. One stops when its call is recorded and about to leave,
 * another while its call is under way; both wake when others have taken their runs over.
 */
jest.setTimeout(180_000);

const CLASSIFIED_WITHIN_MS = 45_000;
/** What a holder's lease lasts; its last beat was at most one sweep (and a busy machine) before it stopped. */
const LEASE_MS = 30_000;
const BEAT_MS = 5000;
const actor = (name: string, role: "responder" | "approver") => ({ id: name, name, role, groups: [] });

describeWith(["postgresql"], "processes that are suspended on PostgreSQL", () => {
  it("lose their runs after 30 s of the database's clock, and awake they call nothing and change nothing", async () => {
    await using stack = new AsyncDisposableStack();
    const postgresql = stack.use(await startPostgresql());
    const vault = stack.use(await startCountingVault());
    const database = await postgresql.createDatabase();
    const { host, port } = postgresql;
    const readPassword = async () => new Secret(ROLE.password);
    const place = { host, port, database, user: ROLE.user, readPassword, tls: { mode: "disable" } as const };
    const store = await openPostgresStore({ ...place, timers: systemTimers });
    stack.defer(async () => await store.close());
    const people = createChaosService({
      store,
      vault: vault.url,
      holder: "people:1:x",
      clusters: 2,
      logger: silentLogger,
    });
    const run = (...hook: readonly string[]): RunnerProcess => {
      const runner = startRunner([String(port), database, vault.url, "2", ...hook]);
      stack.defer(async () => {
        runner.signal("SIGKILL");
        await runner.ended;
      });
      return runner;
    };
    const begin = async (cluster: string): Promise<string> => {
      const request = { runbook: "chaos", inputs: { cluster }, by: actor("alice", "responder") };
      const answer = await people.start({ ...request, origin: { surface: "cli" } });
      if (!answer.ok) throw new Error(answer.why);
      return answer.runId;
    };
    const approve = async (runId: string): Promise<void> => {
      await untilPhase(store, runId, "gate");
      const loaded = await people.get(runId);
      const phase = loaded?.run.status === "open" ? loaded.run.phase : undefined;
      if (phase?.name !== "gate") throw new Error("there is no gate");
      const { id: gateId, plan } = phase.gate;
      for (const name of ["bob", "carol"])
        await people.ask({ type: "approve", runId, gateId, by: actor(name, "approver"), phrase: plan.cluster });
    };

    // The first stops itself before its call leaves.
    const first = run("stop-before-call");
    const firstHolder = await first.begun;
    const before = await begin("c0");
    await approve(before);
    await waitFor("the first to stop", async () => ((await isStopped(first.pid)) ? true : undefined));

    // The second is stopped when its call has arrived and is not answered.
    const second = run();
    const secondHolder = await second.begun;
    vault.decide = () => "caller-dies-before";
    vault.kill = () => second.signal("SIGSTOP");
    const during = await begin("c1");
    await approve(during);
    await waitFor("the second to stop", async () => ((await isStopped(second.pid)) ? true : undefined));
    vault.decide = () => "answered";
    vault.kill = () => {};

    const third = run();
    const thirdHolder = await third.begun;
    const told: Record<string, number> = {};
    for (const runId of [before, during]) {
      await untilPhase(store, runId, "gate", 90_000);
      const events = await eventsOf(store, runId);
      expect(holdersOf(events).at(-1)).toBe(thirdHolder);
      const attempted = timeOf(events, "StepAttempted");
      expect(timeOf(events, "DriverChanged") - attempted).toBeGreaterThan(LEASE_MS - BEAT_MS);
      const classified = timeOf(events, "PlanRequested") - attempted;
      expect(classified).toBeLessThanOrEqual(CLASSIFIED_WITHIN_MS);
      told[runId === before ? "before its call" : "in its call"] = classified;
    }
    expect([vault.arrived.get("c0"), vault.arrived.get("c1")]).toEqual([undefined, 1]);

    // Both wake: the one would call now, the other learns what became of its call.
    const asTheyWere = [await eventsOf(store, before), await eventsOf(store, during)];
    for (const [runner, holder] of [
      [first, firstHolder],
      [second, secondHolder],
    ] as const) {
      runner.signal("SIGCONT");
      // It lives again when it was heard of twice: by then it has done what it was about to do.
      await untilHeardTwice(postgresql, database, holder ?? "");
    }
    expect([vault.arrived.get("c0"), vault.arrived.get("c1")]).toEqual([undefined, 1]);
    expect([await eventsOf(store, before), await eventsOf(store, during)]).toEqual(asTheyWere);

    // A new approval, a new call, by the one that carries the run.
    for (const runId of [before, during]) await approve(runId);
    await waitFor("the end of both runs", async () =>
      (await store.runs.list({ open: true, limit: 2 })).length === 0 ? true : undefined,
    );
    expect([vault.arrived.get("c0"), vault.arrived.get("c1")]).toEqual([1, 2]);
    for (const runId of [before, during]) {
      const attempts = (await eventsOf(store, runId)).flatMap((event) =>
        event.type === "StepAttempted" ? [event.attempt.holder] : [],
      );
      expect(attempts).toEqual([runId === before ? firstHolder : secondHolder, thirdHolder]);
      expect(await store.runs.verify(runId)).toBeUndefined();
    }
    const seconds = Object.entries(told).map(([what, ms]) => `stopped ${what}: told after ${(ms / 1000).toFixed(1)} s`);
    process.stdout.write(`suspended: ${seconds.join(", ")}\n`);
  });
});

async function untilPhase(store: Store, runId: string, phase: string, timeoutMs = 30_000): Promise<void> {
  await waitFor(
    `run ${runId} at ${phase}`,
    async () => {
      const listed = await store.runs.list({ open: true, limit: 10 });
      return listed.some(({ id, summary }) => id === runId && summary.phase === phase) ? true : undefined;
    },
    { timeoutMs },
  );
}

async function eventsOf(store: Store, runId: string): Promise<readonly RunEvent[]> {
  return (await store.runs.read(runId)).map(({ event }) => event);
}

function holdersOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "DriverChanged" ? [event.driver] : []));
}

/** When an event of a type happened last. */
function timeOf(events: readonly RunEvent[], type: RunEvent["type"]): number {
  return events.findLast((event) => event.type === type)?.at ?? Number.NaN;
}

/** The kernel's word for a stopped process is `T`, behind its name in brackets. */
async function isStopped(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
}

async function untilHeardTwice(
  { execute }: Pick<Awaited<ReturnType<typeof startPostgresql>>, "execute">,
  database: string,
  holder: string,
): Promise<void> {
  const heard = async (): Promise<number> => {
    const sql = `SELECT extract(epoch FROM beat_at)::float8 AS at FROM sealwatch.holders WHERE holder = '${holder}'`;
    return Number((await execute(database, sql))[0]?.["at"] ?? 0);
  };
  let last = await heard();
  for (let times = 0; times < 2; times++) {
    const before = last;
    last = await waitFor(`a beat of ${holder}`, async () => {
      const now = await heard();
      return now > before ? now : undefined;
    });
  }
}
