import type { Person } from "../../access/person.ts";
import type { Gate, OpenRun } from "../../engine/run.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { ClusterFacts } from "../insight.ts";

/** What a run's messages need besides the run. */
export type RunContext = {
  readonly externalUrl: string;
  /** Gives who may approve a gate of a run, to be mentioned: ids of members (`U…`), or of user groups (`S…`). */
  readonly approversOf: (run: OpenRun, gate: Gate) => readonly string[];
  /** Gives a person's member id, to be mentioned; undefined when they have none. */
  readonly memberOf?: (person: Person) => string | undefined;
  /** Whether one person may go past a gate alone. */
  readonly breakGlass: boolean;
  readonly now: Timestamp;
  /** What is known of the run's cluster; undefined while nothing is. */
  readonly facts: ClusterFacts | undefined;
  /** How the card shows its steps. */
  readonly steps: "classic" | "plan";
  readonly waits: WaitWords;
};

/** When people are asked again, and who else is told (a channel's, user group's or member's id), in milliseconds after the question was posted. */
export type WaitWords = {
  readonly remindAfterMs: number;
  readonly escalateAfterMs: number;
  readonly escalateTo: string | undefined;
  /** When a question's message appeared in Slack, by its key; undefined while it has not. */
  readonly postedAt: (key: string) => Timestamp | undefined;
  /** The address of a message in Slack, by its key; undefined while it has none. Who is told elsewhere finds back by it. */
  readonly linkOf?: (key: string) => string | undefined;
};
