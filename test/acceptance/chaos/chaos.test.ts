import { expect, it } from "@jest/globals";
import { systemTimers } from "../../../src/app/system.ts";
import { replay } from "../../../src/engine/evolve.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import type { RunningService } from "../../../src/runner/run-service.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openPostgresStore } from "../../../src/store/postgres/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { ROLE, startPostgresql, type RunningPostgresql } from "../../support/postgresql.ts";
import { describeWith } from "../../support/real.ts";
import { createChaosService } from "./chaos-world.ts";
import { startCountingVault, type CountingVault } from "./counting-vault.ts";
import { startRunner, type RunnerProcess } from "./runner-process.ts";

/*
 * P2, R1, R2, R14: real processes on a real PostgreSQL, killed at random moments and in the middle of calls, while people approve and the
 * database itself is killed and restarted. The Vault counts: one approval, one call.
 */
const KILLS = Number(process.env["SEALWATCH_CHAOS_KILLS"] ?? (process.env["SEALWATCH_REQUIRE"] === "all" ? 1000 : 150));
const SLOTS = 3;
const RUNS_AT_ONCE = 8;
const CLUSTERS = 4000;
const CLASSIFIED_WITHIN_MS = 45_000;

/** A death takes about half a second: 1 000 of them, and what they leave to be found out. */
const TIMEOUT_MS = 20 * 60_000;

const actor = (name: string, role: "responder" | "approver") => ({ id: name, name, role, groups: [] });
const alice = actor("alice", "responder");
const approvers = [actor("bob", "approver"), actor("carol", "approver")];

describeWith(["postgresql"], "two processes on PostgreSQL, killed again and again", () => {
  it(
    `lose nothing and repeat nothing in ${KILLS} deaths`,
    async () => {
      await using postgresql = await startPostgresql({ durable: true });
      await using vault = await startCountingVault();
      await using town = await createTown(postgresql, vault);
      await town.untilKilled(KILLS);
      await town.untilAllEnded();
      const told = await town.judge();
      process.stdout.write(`${town.summary()}\n`);
      expect(told).toEqual({
        repeated: [],
        lost: [],
        brokenChains: [],
        callsWithoutApproval: [],
        classifiedLate: [],
      });
      expect(town.kills()).toBeGreaterThanOrEqual(KILLS);
      // Deaths in the middle of a call are the point of it all: without them this would prove little.
      expect(town.deathsInCalls()).toBeGreaterThanOrEqual(KILLS / 20);
    },
    TIMEOUT_MS,
  );
});

/** The verdict over every run; each list names those that broke a promise. */
type Verdict = Readonly<
  Record<"repeated" | "lost" | "brokenChains" | "callsWithoutApproval" | "classifiedLate", readonly string[]>
>;

type Town = AsyncDisposable & {
  readonly untilKilled: (kills: number) => Promise<void>;
  readonly untilAllEnded: () => Promise<void>;
  readonly judge: () => Promise<Verdict>;
  readonly kills: () => number;
  readonly deathsInCalls: () => number;
  readonly summary: () => string;
};

async function createTown(postgresql: RunningPostgresql, vault: CountingVault): Promise<Town> {
  const database = await postgresql.createDatabase();
  const store = await openPostgresStore({
    ...ROLE,
    host: postgresql.host,
    port: postgresql.port,
    database,
    readPassword: async () => new Secret(ROLE.password),
    tls: { mode: "disable" },
    timers: systemTimers,
  });
  const people = createChaosService({
    store,
    vault: vault.url,
    holder: "people:1:x",
    clusters: CLUSTERS,
    logger: silentLogger,
  });
  const args = [String(postgresql.port), database, vault.url, String(CLUSTERS)];
  const state = new TownState({ store, people, vault, postgresql, args });
  return {
    untilKilled: async (kills) => await state.untilKilled(kills),
    untilAllEnded: async () => await state.untilAllEnded(),
    judge: async () => await state.judge(),
    kills: () => state.kills,
    deathsInCalls: () => state.deathsInCalls,
    summary: () => state.summary(),
    [Symbol.asyncDispose]: async () => {
      await state.stop();
      await people.stop();
      await store.close();
    },
  };
}

type Parts = {
  readonly store: Store;
  readonly people: RunningService;
  readonly vault: CountingVault;
  readonly postgresql: RunningPostgresql;
  readonly args: readonly string[];
};

class TownState {
  kills = 0;
  deathsInCalls = 0;
  readonly #parts: Parts;
  readonly #living = new Map<string, RunnerProcess>();
  readonly #processes = new Set<RunnerProcess>();
  readonly #started: string[] = [];
  #background: readonly Promise<void>[] = [];
  #worstMs = 0;
  #interrupted = 0;
  #databaseDeaths = 0;
  #killing = true;
  #over = false;
  readonly #began = Date.now();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.vault.kill = (holder) => this.#killInCall(holder);
    parts.vault.decide = () => {
      if (!this.#killing) return "answered";
      const chance = Math.random();
      return chance < 0.3 ? "caller-dies-before" : chance < 0.6 ? "caller-dies-after" : "answered";
    };
  }

  async untilKilled(kills: number): Promise<void> {
    const slots = Array.from({ length: SLOTS }, async () => await this.#slot());
    this.#background = [...slots, this.#approve(), this.#killDatabase()];
    await waitFor(`${kills} deaths`, async () => (this.kills >= kills ? true : undefined), { timeoutMs: 18 * 60_000 });
    this.#killing = false;
  }

  async untilAllEnded(): Promise<void> {
    const open = async () => await this.#parts.store.runs.list({ open: true, limit: 1000 });
    await waitFor("the end of every run", async () => ((await open()).length === 0 ? true : undefined), {
      timeoutMs: 120_000,
    });
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#over = true;
    this.#killing = false;
    for (const each of this.#processes) each.signal("SIGKILL");
    await Promise.all([...this.#processes].map((each) => each.ended));
    await Promise.all(this.#background);
    this.#background = [];
  }

  /** One process after the other: it begins, lives for a moment, and dies; the last one lives until all is done. */
  async #slot(): Promise<void> {
    while (!this.#over) {
      const runner = startRunner(this.#parts.args);
      this.#processes.add(runner);
      const holder = await runner.begun;
      if (holder !== undefined) {
        this.#living.set(holder, runner);
        await Promise.race([this.#moment(), runner.ended]);
        if (this.#killing) this.#kill(runner);
        else if (!this.#over) await runner.ended;
        this.#living.delete(holder);
      }
      await runner.ended;
      this.#processes.delete(runner);
    }
  }

  /** A life is short: most deaths come while something is going on. */
  async #moment(): Promise<void> {
    await new Promise((resolve) => void setTimeout(resolve, Math.random() * 900));
  }

  #kill(runner: RunnerProcess): void {
    this.kills++;
    runner.signal("SIGKILL");
  }

  #killInCall(holder: string): void {
    const runner = this.#living.get(holder);
    if (runner === undefined) return;
    this.#living.delete(holder);
    this.deathsInCalls++;
    this.kills++;
    runner.signal("SIGKILL");
  }

  /** People start runs and answer what they are asked, through the store, as `sealwatch approve` does. */
  async #approve(): Promise<void> {
    while (!this.#over) {
      try {
        await this.#answerAll();
      } catch {
        // The database is down: people try again.
      }
      await new Promise((resolve) => void setTimeout(resolve, 20));
    }
  }

  async #answerAll(): Promise<void> {
    const { people, store } = this.#parts;
    const open = await store.runs.list({ open: true, limit: 1000 });
    if (this.#killing && open.length < RUNS_AT_ONCE) await this.#start();
    for (const { id, summary } of open) {
      if (summary.phase === "gate") {
        const loaded = await people.get(id);
        const phase = loaded?.run.status === "open" ? loaded.run.phase : undefined;
        if (phase?.name !== "gate") continue;
        for (const by of approvers)
          await people.ask({ type: "approve", runId: id, gateId: phase.gate.id, by, phrase: phase.gate.plan.cluster });
      }
      if (summary.phase === "stuck") await people.ask({ type: "retry", runId: id, step: "remove", by: alice });
    }
  }

  async #start(): Promise<void> {
    const cluster = `c${this.#started.length}`;
    const answer = await this.#parts.people.start({
      runbook: "chaos",
      inputs: { cluster },
      by: alice,
      origin: { surface: "cli" },
    });
    if (answer.ok) this.#started.push(answer.runId);
  }

  /** The database dies three times as well: twice by a power cut, once by an administrator. */
  async #killDatabase(): Promise<void> {
    for (const [at, how] of [
      [0.25, "kill"],
      [0.5, "stop"],
      [0.75, "kill"],
    ] as const) {
      while (this.kills < KILLS * at && this.#killing) await new Promise((resolve) => void setTimeout(resolve, 50));
      if (!this.#killing) return;
      await this.#parts.postgresql[how]();
      this.#databaseDeaths++;
      await new Promise((resolve) => void setTimeout(resolve, 1000));
      await this.#parts.postgresql.start();
    }
  }

  async judge(): Promise<Verdict> {
    const { store, vault } = this.#parts;
    const listed = await store.runs.list({ limit: 10_000 });
    const verdict = {
      repeated: [] as string[],
      lost: this.#started.filter((id) => !listed.some((run) => run.id === id)),
      brokenChains: [] as string[],
      callsWithoutApproval: [] as string[],
      classifiedLate: [] as string[],
    };
    for (const { id } of listed) {
      const events = (await store.runs.read(id)).map(({ event }) => event);
      const run = replay(events);
      if (run.status !== "finished") verdict.lost.push(id);
      if ((await store.runs.verify(id)) !== undefined) verdict.brokenChains.push(id);
      const agreed = events.filter((event) => event.type === "GateAgreed").length;
      const attempts = events.filter((event) => event.type === "StepAttempted");
      const calls = run.status === "none" ? 0 : (vault.arrived.get(run.cluster) ?? 0);
      if (calls > attempts.length) verdict.repeated.push(`${id}: ${calls} calls, ${attempts.length} attempts`);
      if (attempts.length > agreed) verdict.callsWithoutApproval.push(id);
      const slow = this.#slowest(events);
      if (slow > CLASSIFIED_WITHIN_MS) verdict.classifiedLate.push(`${id}: ${slow} ms`);
    }
    return verdict;
  }

  /** How long an attempt of a dead process stood before it was told done, not done or unknown. */
  #slowest(events: readonly RunEvent[]): number {
    let worst = 0;
    let attempted = 0;
    let interrupted = false;
    for (const event of events) {
      if (event.type === "StepAttempted") attempted = event.at;
      if (event.type === "ProbeBegun") interrupted = event.cause === "interrupted";
      const classified =
        event.type === "StepSucceeded" || event.type === "PlanRequested" || event.type === "OutcomeUnknown";
      if (!interrupted || !classified) continue;
      interrupted = false;
      this.#interrupted++;
      worst = Math.max(worst, event.at - attempted);
    }
    this.#worstMs = Math.max(this.#worstMs, worst);
    return worst;
  }

  summary(): string {
    const seconds = Math.round((Date.now() - this.#began) / 1000);
    return (
      `chaos: ${this.kills} deaths (${this.deathsInCalls} in calls), ${[...this.#parts.vault.arrived.values()].length} calls, ${this.#databaseDeaths} of the database, ${this.#started.length} runs, ` +
      `${this.#interrupted} interrupted attempts, the slowest told after ${(this.#worstMs / 1000).toFixed(1)} s, ${seconds} s in all`
    );
  }
}
