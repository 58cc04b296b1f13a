import type { Courier } from "../delivery/courier.ts";
import type { EventFeed } from "../delivery/event-feed.ts";
import type { StandInApp } from "../methods/method.ts";
import type { ResponseUrls } from "../response-urls.ts";
import type { Triggers } from "../triggers.ts";
import type { Workspace } from "../workspace.ts";

/** What people act on. */
export type PeopleContext = {
  readonly workspace: Workspace;
  readonly app: StandInApp;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly courier: Courier;
  readonly events: EventFeed;
  /** The scopes that the bot was granted. */
  readonly scopes: ReadonlySet<string>;
};
