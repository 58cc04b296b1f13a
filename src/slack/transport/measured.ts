import type { App, ReceiverEvent } from "@slack/bolt";
import type { Interaction, SlackObserver } from "../observer.ts";

const KINDS: Readonly<Record<string, Interaction>> = {
  block_actions: "action",
  view_submission: "submission",
  view_closed: "closed",
  block_suggestion: "options",
  event_callback: "event",
};

/** Says what kind of thing Slack delivered; undefined for those that we do not ask for. */
export function kindOf(body: unknown): Interaction | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  if ("command" in body) return "command";
  return "type" in body && typeof body.type === "string" ? KINDS[body.type] : undefined;
}

/** Gives an app to which things are handed as to the given one; the observer hears how long each waited for its ack. */
export function measured(app: App, observer: SlackObserver): App {
  const processEvent = async (event: ReceiverEvent): Promise<void> => {
    const from = performance.now();
    const kind = kindOf(event.body);
    const ack = async (...answer: Parameters<ReceiverEvent["ack"]>): Promise<void> => {
      await event.ack(...answer);
      if (kind !== undefined) observer.acked(kind, (performance.now() - from) / 1000);
    };
    await app.processEvent({ ...event, ack });
  };
  return Object.create(app, { processEvent: { value: processEvent } }) as App;
}
