import type { Clock } from "../../lib/clock.ts";
import type { Delivery } from "./delivery/delivery.ts";
import type { EventOptions } from "./delivery/event-feed.ts";
import type { SentRequest } from "./delivery/http-mode.ts";
import type { Fault } from "./faults.ts";
import type { Rate } from "./limits.ts";
import type { Part } from "./part.ts";
import type { StandInPerson } from "./people/act-as.ts";
import type { SignedHeaders } from "./signature.ts";
import type {
  DeletedMessage,
  ReceivedPayload,
  StandInCall,
  StandInChannel,
  StandInEphemeral,
  StandInFile,
  StandInMessage,
  StandInPlan,
  StandInUser,
  StandInUserGroup,
  StandInView,
} from "./workspace.ts";

/** What a stand-in is made of. Tokens are made up by the caller; anything else gets `invalid_auth`. */
export type SlackStandInOptions = {
  readonly users: readonly StandInUser[];
  readonly userGroups?: readonly StandInUserGroup[];
  /** Default: `paid`. */
  readonly plan?: StandInPlan;
  /** Default: `T0STANDIN`. */
  readonly teamId?: string;
  /** The organisation that the workspace is part of; default: none. */
  readonly enterpriseId?: string;
  /** Where people act when they name no other channel; the app is in it. */
  readonly channel: StandInChannel;
  /** Further channels. */
  readonly channels?: readonly StandInChannel[];
  readonly botToken: string;
  readonly appToken: string;
  /** A token of a person who may delete what others wrote; default: none. */
  readonly userToken?: string;
  /** With what requests are signed in HTTP mode; default: a fixed text. */
  readonly signingSecret?: string;
  /** What the bot was granted; default: all that some method here needs. */
  readonly scopes?: readonly string[];
  /** Drives triggers, response addresses, rates, signatures and the retries of events. Acks are timed by real time. */
  readonly clock: Clock;
  /** How long Slack waits for an ack, in milliseconds; default: its own 3,000. */
  readonly ackMs?: number;
  /** Default: any free port of 127.0.0.1. */
  readonly port?: number;
};

/** SlackStandIn is a Slack: it keeps Slack's limits and clocks, and people act in it by script or in a browser. */
export type SlackStandIn = AsyncDisposable & Reads & Waits & Wires & Admin;

/** What there is. */
type Reads = {
  /** Base of the Web API, with a slash at the end: give it to the bot as `apiUrl`. */
  readonly apiUrl: string;
  /** The page that people open in a browser. */
  readonly pageUrl: string;
  /** Every message as it stands now, oldest first. */
  readonly messages: () => readonly StandInMessage[];
  /** The messages that were deleted, by whom they were. */
  readonly deleted: () => readonly DeletedMessage[];
  readonly ephemerals: (userId: string) => readonly StandInEphemeral[];
  readonly views: (userId: string) => readonly StandInView[];
  /** The Home that was last published for a person, as it was sent. */
  readonly homes: (userId: string) => Part | undefined;
  /** Files that are complete, shared or not. */
  readonly files: () => readonly StandInFile[];
  /** Every Web API call in order, answered or not. */
  readonly calls: () => readonly StandInCall[];
  /** Everything that the app ever sent: calls, acks, answers to response addresses. */
  readonly payloads: () => readonly ReceivedPayload[];
};

/** Waits: each looks again after every change and rejects after `timeoutMs`, 10 s when not given. */
type Waits = {
  readonly waitForMessage: (fits: (message: StandInMessage) => boolean, timeoutMs?: number) => Promise<StandInMessage>;
  readonly waitForEphemeral: (
    userId: string,
    fits: (ephemeral: StandInEphemeral) => boolean,
    timeoutMs?: number,
  ) => Promise<StandInEphemeral>;
  readonly waitForView: (userId: string, callbackId: string, timeoutMs?: number) => Promise<StandInView>;
  readonly waitForHome: (userId: string, fits: (view: Part) => boolean, timeoutMs?: number) => Promise<Part>;
};

/** How the app is reached, and what goes wrong on the way. */
type Wires = {
  /** Delivers by signed requests to this address from now on. */
  readonly http: (requestUrl: string) => void;
  /** Delivers by Socket Mode again. */
  readonly socket: () => void;
  /** Sends `url_verification` to the Request URL; whether the challenge came back. */
  readonly verifyUrl: () => Promise<boolean>;
  /** Sends the last signed request once more, byte for byte. */
  readonly replayLast: () => Promise<{ readonly status: number; readonly body: string }>;
  /** The last signed request, for tests that forge one. */
  readonly lastRequest: () => SentRequest | undefined;
  /** Delivers everything twice at the same time, over another connection when there is one. */
  readonly deliverTwice: (on: boolean) => void;
  /** Delivers an event of the Events API; gives what became of the first try and of the one that follows it at once. */
  readonly event: (event: Part, options?: EventOptions) => Promise<Delivery>;
  /** Delivers the events that wait for another try without waiting for their time. */
  readonly redeliver: () => Promise<void>;
  /** How many events wait for another try. */
  readonly undelivered: () => number;
  /** Signs a body for the HTTP mode, stamped now. */
  readonly sign: (body: string) => SignedHeaders;
  readonly connections: () => number;
  readonly warnAll: () => void;
  readonly disconnectAll: () => void;
  readonly dropAll: () => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly mute: () => void;
  readonly unmute: () => void;
  /** Takes Slack away: calls and new connections are broken off, open ones cut, nothing is delivered; until `up`. The page stays. */
  readonly down: () => void;
  readonly up: () => void;
  /** Lets files that are completed from now on wait for Slack to look at them (blocks that show them are refused); false ends that. */
  readonly holdFiles: (on: boolean) => void;
  readonly failNext: (method: string, fault: Fault) => void;
  readonly tighten: (method: string, rate: Rate) => void;
};

/** What people and administrators do. */
type Admin = {
  readonly as: (userId: string) => StandInPerson;
  /** Deletes a message as a person with the right to do so would. */
  readonly deleteMessage: (ts: string) => void;
  /** Changes a person's account as an administrator would; throws for an id that is not there. */
  readonly changeUser: (userId: string, change: Omit<Partial<StandInUser>, "id">) => void;
  /** Changes a user group, or makes it. */
  readonly setUserGroup: (group: StandInUserGroup) => void;
  /** Changes a channel, or makes it. */
  readonly setChannel: (channel: StandInChannel) => void;
};
