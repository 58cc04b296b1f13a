import type { RunEvent } from "../../../engine/events.ts";
import { checks } from "../../../actions/registry.ts";
import { actionPolicies, readingPolicyFor } from "../../../actions/policy.ts";
import type { Timestamp } from "../../../lib/clock.ts";
import { mergePolicy } from "../../../lib/vault-policy.ts";
import type { SimulatedRequest } from "../../../sandbox/vault/node-server.ts";
import type { LocalStore } from "../../../store/store.ts";
import { createMemoryStore } from "../../../store/memory.ts";
import type { SnapshotPlace } from "../../../backup/snapshot-place.ts";
import type { Change } from "../change.ts";
import type { CrashPoint } from "../crash-point.ts";
import type { Rehearsed } from "../rehearsed.ts";
import type { ChangeAt } from "../test-file.ts";
import { createVirtualTime, type VirtualTime } from "../virtual-time.ts";
import { createMemorySnapshots } from "./memory-snapshots.ts";
import type { Reply } from "./reply.ts";
import { TOKENS } from "./carry-out-change.ts";
import { createStagedCluster, type StagedCluster } from "./simulated-cluster.ts";

/** When every test begins: 2026-01-01 00:00 UTC. */
export const CURTAIN: Timestamp = Date.UTC(2026, 0, 1);

/** How long a cluster has stood as it is when a run begins: faults are known to all by then. */
const SINCE_MS = 60_000;

/** A call that changed something, or may have: it reached a node with the token for actions. */
export type StagedCall = {
  /** `vault.step-down on vault-0`; a path in place of the action when no step had asked for it. */
  readonly text: string;
  /** What of it may not happen twice: step, action and path. Undefined when the action may be repeated. */
  readonly once: string | undefined;
  readonly at: Timestamp;
};

/** Stage is the world of one play, apart from the program: what survives when that is killed. */
export type Stage = {
  readonly time: VirtualTime;
  readonly store: LocalStore;
  readonly cluster: StagedCluster;
  readonly name: string;
  /** Where snapshots are kept; undefined when the test has no place for them. */
  readonly snapshots: SnapshotPlace | undefined;
  /** Everything that was stored of the run, in order. */
  readonly events: readonly RunEvent[];
  readonly calls: readonly StagedCall[];
  /** Whether the point was reached at which the program dies. */
  readonly crashed: () => boolean;
  /** The last event that was stored before the program died. */
  readonly lastWords: () => string | undefined;
  /** The step whose call may have been under way when the program died, if it may be made only once. */
  readonly diedInCallOf: () => string | undefined;
  readonly appends: () => number;
  readonly leftCalls: () => number;
  /** How many calls of a dead program have not yet reached the cluster. */
  readonly underWay: () => number;
  /** How many changes of the world are still to come by the clock alone. */
  readonly pendingChanges: () => number;
  /** What the program does when it appends; true when it dies by it. */
  readonly appended: (events: readonly RunEvent[]) => Promise<boolean>;
  /** A request of the program; `undefined` when it dies by it. */
  readonly carry: (node: string, request: SimulatedRequest) => Promise<Reply | undefined>;
  /** Counts what happens, so that stillness can be seen. */
  readonly activity: () => number;
};

/** Opens the stage of one play: the cluster with its faults, as old as they need to be; with a crash the program dies at that point. */
export async function openStage(rehearsed: Rehearsed, crash: CrashPoint | undefined): Promise<Stage> {
  const { setting, entry, actions } = rehearsed;
  const time = createVirtualTime(CURTAIN - SINCE_MS);
  const cluster = createStagedCluster(setting, time.clock);
  const sources = { runbooks: [entry.runbook, ...Object.values(entry.included)], checks, actions };
  cluster.permit(TOKENS.reading, readingPolicyFor(sources));
  cluster.permit(TOKENS.actions, mergePolicy(actionPolicies(sources).flatMap(({ rules }) => rules)));
  const stage = new StageState({ rehearsed, crash, time, cluster, store: createMemoryStore() });
  await stage.change(setting.faults ?? []);
  cluster.now();
  time.pass(SINCE_MS);
  return stage;
}

type Parts = Pick<Stage, "time" | "cluster" | "store"> & {
  readonly rehearsed: Rehearsed;
  readonly crash: CrashPoint | undefined;
};
type Attempted = Extract<RunEvent, { type: "StepAttempted" }>;

class StageState implements Stage {
  readonly time: VirtualTime;
  readonly store: LocalStore;
  readonly cluster: StagedCluster;
  readonly name: string;
  readonly snapshots: SnapshotPlace | undefined;
  readonly events: RunEvent[] = [];
  readonly calls: StagedCall[] = [];
  readonly #actions: Rehearsed["actions"];
  readonly #crash: CrashPoint | undefined;
  #waiting: readonly ChangeAt[];
  #pending = 0;
  #underWay = 0;
  #appends = 0;
  #left = 0;
  #activity = 0;
  #crashed = false;
  #lastWords: string | undefined;
  #diedInCallOf: string | undefined;
  #attempt: Attempted | undefined;

  constructor({ rehearsed, crash, time, store, cluster }: Parts) {
    this.time = time;
    this.store = store;
    this.cluster = cluster;
    const { name = "prod", snapshots } = rehearsed.setting;
    this.name = name;
    this.snapshots = snapshots === undefined ? undefined : createMemorySnapshots(snapshots);
    this.#actions = rehearsed.actions;
    this.#waiting = rehearsed.test.changes;
    this.#crash = crash;
  }

  crashed = (): boolean => this.#crashed;
  diedInCallOf = (): string | undefined => this.#diedInCallOf;
  lastWords = (): string | undefined => this.#lastWords;
  appends = (): number => this.#appends;
  leftCalls = (): number => this.#left;
  underWay = (): number => this.#underWay;
  pendingChanges = (): number => this.#pending;
  activity = (): number => this.#activity;

  appended = async (events: readonly RunEvent[]): Promise<boolean> => {
    this.#activity++;
    this.#appends++;
    this.events.push(...events);
    for (const event of events) {
      if (event.type === "StepAttempted") this.#attempt = event;
      await this.#react(momentsOf(event, this.events));
    }
    return this.#diesAt("append", this.#appends) !== undefined;
  };

  carry = async (node: string, request: SimulatedRequest): Promise<Reply | undefined> => {
    this.#activity++;
    if (!changes(request)) return this.cluster.ask(node, request);
    this.#left++;
    const attempt = this.#attempt;
    await this.#reactToCall("called");
    const dies = this.#diesAt("call", this.#left);
    if (dies?.kind === "call" && dies.fate === "lost") return undefined;
    if (dies?.kind === "call" && dies.fate === "late") {
      const left = (attempt?.attempt.deadline ?? 0) - this.time.clock.now();
      this.#underWay++;
      this.time.timers.after(Math.max(0, left - 1000), () => {
        this.#underWay--;
        void this.#reach(node, request, attempt);
      });
      return undefined;
    }
    const reply = await this.#reach(node, request, attempt);
    return dies === undefined ? reply : undefined;
  };

  /** What arrives late is of the attempt that sent it: the run may be at another step by then. */
  async #reach(node: string, request: SimulatedRequest, attempt: Attempted | undefined): Promise<Reply> {
    const reply = this.cluster.ask(node, request);
    if (reply.kind !== "answer" || reply.fault === "drop-before") return reply;
    this.calls.push(this.#describe(node, request, attempt));
    await this.#reactToCall("answered");
    return reply;
  }

  async #reactToCall(is: "called" | "answered"): Promise<void> {
    if (this.#attempt !== undefined) await this.#react([{ step: this.#attempt.step, is }]);
  }

  #describe(node: string, { method, path }: SimulatedRequest, attempt: Attempted | undefined): StagedCall {
    const name = attempt?.plan.call.name;
    const text = `${name ?? `${method} ${path}`} on ${node}`;
    const once = this.#isOnce(attempt) ? `${attempt?.step} ${name} ${path}` : undefined;
    return { text, once, at: this.time.clock.now() };
  }

  #isOnce(attempt: Attempted | undefined): boolean {
    const name = attempt?.plan.call.name;
    return name !== undefined && this.#actions.get(name)?.effect === "once";
  }

  #diesAt(kind: CrashPoint["kind"], number: number): CrashPoint | undefined {
    if (this.#crashed || this.#crash?.kind !== kind || this.#crash.number !== number) return undefined;
    this.#crashed = true;
    this.#lastWords = this.events.at(-1)?.type;
    const inCall = kind === "call" || this.#lastWords === "StepAttempted";
    if (inCall && this.#isOnce(this.#attempt)) this.#diedInCallOf = this.#attempt?.step;
    return this.#crash;
  }

  async #react(moments: readonly Moment[]): Promise<void> {
    const due = this.#waiting.filter(({ when, is }) =>
      moments.some((moment) => moment.step === when && moment.is === is),
    );
    this.#waiting = this.#waiting.filter((change) => !due.includes(change));
    for (const { after, do: all } of due) {
      if (after === undefined) await this.change(all);
      else this.#later(after, all);
    }
  }

  #later(after: number, all: readonly Change[]): void {
    this.#pending++;
    this.time.timers.after(after, () => {
      this.#pending--;
      void this.change(all);
    });
  }

  async change(all: readonly Change[]): Promise<void> {
    this.#activity++;
    for (const change of all) {
      await this.cluster.change(change);
      if (change.lock === "taken") await this.store.locks.acquire(this.name, ANOTHER, this.time.clock.now());
      if (change.lock === "free") await this.store.locks.release(this.name, ANOTHER);
    }
  }
}

/** The run that has the lock of a cluster where a test says that another has it. */
const ANOTHER = "another-run";

type Moment = { readonly step: string; readonly is: ChangeAt["is"] };

function momentsOf(event: RunEvent, all: readonly RunEvent[]): readonly Moment[] {
  switch (event.type) {
    case "RunStarted":
      return [{ step: "start", is: "begun" }];
    case "StepStarted":
      return [{ step: event.step, is: "begun" }];
    case "GateOpened":
      return [{ step: event.gate.step, is: "gate" }];
    case "GateAgreed": {
      const opened = all.findLast((each) => each.type === "GateOpened" && each.gate.id === event.gate);
      return opened?.type === "GateOpened" ? [{ step: opened.gate.step, is: "agreed" }] : [];
    }
    case "StepSucceeded":
    case "StepFailed":
    case "StepStuck":
    case "StepSkipped":
      return [{ step: event.step, is: "ended" }];
    default:
      return [];
  }
}

/** The token for actions goes with nothing but calls, and with the question what it may do. */
function changes({ token, path }: SimulatedRequest): boolean {
  return token === TOKENS.actions && path !== "sys/capabilities-self";
}
