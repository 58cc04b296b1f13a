import type { Actor, Person } from "../access/person.ts";
import type { Gate } from "../engine/run.ts";
import type { Chart } from "../lib/chart.ts";
import type { Clock, Timers } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Secret } from "../lib/secret.ts";
import type { TimedLock } from "../lib/timed-lock.ts";
import type { AlertStore, Inbox, MessageStore, Outbox, RunService } from "../runner/ports.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { Catalog } from "./bot.ts";
import type { Delay } from "./delay.ts";
import type { Insight } from "./insight.ts";
import type { SlackObserver } from "./observer.ts";
import type { MatchAlert } from "./publish/match-alert.ts";

/** The configuration's values with their secrets read. */
export type SlackBotConfig = {
  /** Default: `socket`. */
  readonly mode?: "socket" | "http";
  /** For `socket`. */
  readonly appToken?: Secret;
  /** For `http`. */
  readonly signingSecret?: Secret;
  /** Connections at a time, for `socket`; default: 2. */
  readonly connections?: number;
  readonly botToken: Secret;
  /** A user token of an admin, by which a message with a secret can be deleted. */
  readonly deletionToken?: Secret;
  readonly channel: string;
  readonly apiUrl: string;
  /** How a card shows its steps; default: `classic`. */
  readonly steps?: "classic" | "plan";
  /** After this long without an answer the thread asks once more, in milliseconds; default: 5 minutes. */
  readonly remindAfterMs?: number;
  /** After this long somebody else is told, once, in milliseconds; default: 15 minutes. */
  readonly escalateAfterMs?: number;
  /** Who that is (the id of a channel, user group or person); default: nobody. */
  readonly escalateTo?: string | undefined;
};

/** What the bot is made of. */
export type SlackBotOptions = {
  readonly config: SlackBotConfig;
  readonly runs: RunService;
  readonly alerts: AlertStore;
  readonly messages: MessageStore;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  /** By which one replica at a time sends. */
  readonly lock: TimedLock;
  readonly insight: Insight;
  readonly observer?: SlackObserver;
  readonly catalog: Catalog;
  readonly clusters: readonly VaultCluster[];
  /** Gives the channel of a cluster's cards; default: the one channel. */
  readonly channelOf?: (cluster: string | undefined) => string;
  /** Gives the person behind a member id, with the role they hold at this moment. */
  readonly identify: (slackUserId: string) => Promise<Actor>;
  /** Forgets who is in which user group: Slack says that it changed. */
  readonly forgetGroups?: () => void;
  /** Gives everybody who may approve a gate, as far as can be told: those who did not start the run or vote yet are mentioned. */
  readonly approvers?: (gate: Gate) => Promise<readonly SlackPerson[]>;
  /** Gives the member id of a person, to be mentioned; default: only people who are not listed have one. */
  readonly memberOf?: (person: Person) => string | undefined;
  /** Gives the member ids of people who can give somebody a role, as far as can be told; default: nobody is named. */
  readonly askWhom?: () => Promise<readonly string[]>;
  readonly match: MatchAlert;
  /** Whether one person may go past a gate alone at this moment; default: nobody may. */
  readonly breakGlass?: () => boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger?: Logger;
  /** Draws a chart as a PNG; default: there are none. */
  readonly drawChart?: (chart: Chart) => Promise<Uint8Array>;
  /** The base of links to the web pages. */
  readonly externalUrl: string;
  /** How pauses are waited out; tests do not wait. */
  readonly delay?: Delay;
  /** How long a submitted form may be worked on before it is acked, in milliseconds; Slack gives up after 3,000. */
  readonly ackBudgetMs?: number;
  /** After this long without an answer a person is told that it takes longer, in milliseconds; default: 1,500. */
  readonly patienceMs?: number;
  /** How long one attempt to connect may take, in milliseconds; default: 15,000. */
  readonly connectMs?: number;
};

/** A human's member id and their one id. */
export type SlackPerson = { readonly slackId: string; readonly personId: string };
