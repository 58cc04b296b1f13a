import type { Actor } from "../access/person.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { AlertStore, Inbox, MessageStore, Outbox, RunService } from "../runner/ports.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { Insight } from "./insight.ts";
import type { SlackObserver } from "./observer.ts";
import type { Outgoing } from "./outgoing.ts";
import type { MatchAlert } from "./publish/match-alert.ts";
import type { Turns } from "./publish/turns.ts";

/** The runbooks of this moment, by id. */
export type Catalog = () => ReadonlyMap<string, { readonly runbook: Runbook; readonly digest?: string }>;

/** What every listener of the bot may use. */
export type Bot = {
  readonly runs: RunService;
  readonly alerts: AlertStore;
  readonly messages: MessageStore;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly insight: Insight;
  readonly observer: SlackObserver;
  readonly catalog: Catalog;
  readonly clusters: readonly VaultCluster[];
  readonly match: MatchAlert;
  /** Gives the person behind a member id with the role they hold at this moment. */
  readonly identify: (slackUserId: string) => Promise<Actor>;
  /** Forgets who is in which user group: Slack says that it changed. */
  readonly forgetGroups?: () => void;
  /** Whether one person may go past a gate alone at this moment; default: nobody may. */
  readonly breakGlass?: () => boolean;
  readonly outgoing: Outgoing;
  /** Runs works about one alert group one after another. */
  readonly inTurn: Turns;
  /** Where cards appear; some clusters may have a channel of their own. */
  readonly channel: string;
  readonly channelOf: (cluster: string | undefined) => string;
  readonly externalUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
};
