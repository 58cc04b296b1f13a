import type { App, ReceiverEvent } from "@slack/bolt";

/** UnderWay knows what was delivered and is not handled, and so perhaps not acked, to its end. */
export type UnderWay = {
  /** Gives an app to which things are handed as to the given one. */
  readonly watched: (app: App) => App;
  /** Resolves when nothing is under way. */
  readonly over: () => Promise<void>;
};

/** Creates it with nothing under way. */
export function createUnderWay(): UnderWay {
  const work = new Set<Promise<void>>();
  return {
    watched: (app) => {
      const processEvent = async (event: ReceiverEvent): Promise<void> => {
        const one = app.processEvent(event);
        const settled: Promise<void> = one.catch(() => {}).finally(() => work.delete(settled));
        work.add(settled);
        await one;
      };
      return Object.create(app, { processEvent: { value: processEvent } }) as App;
    },
    over: async () => {
      while (work.size > 0) await Promise.all(work);
    },
  };
}
