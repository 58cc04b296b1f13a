import { readSamples } from "../../sandbox/alerting/exposition.ts";
import { waitFor } from "../../sandbox/wait-for.ts";
import type { StandInMessage } from "../../sandbox/slack/workspace.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { Io } from "../io.ts";
import type { DemoWorld } from "./demo-world.ts";
import { messageText } from "./message-text.ts";

/** How long one stage may take before the tour gives up. */
const STAGE_MS = 40_000;

/** Stage tells the story of the tour: every line with a tick was observed, and what cannot be observed ends the tour. */
export type Stage = {
  readonly title: (text: string) => void;
  readonly say: (text: string) => void;
  /** Waits until something is so, then prints it with a tick. */
  readonly see: <T>(what: string, probe: () => Promise<T | undefined>) => Promise<T>;
  readonly metric: (
    what: string,
    name: string,
    wanted: { readonly node?: string; readonly value: number },
  ) => Promise<void>;
  readonly message: (what: string, fits: (message: StandInMessage) => boolean) => Promise<StandInMessage>;
  readonly run: (what: string, id: string, fits: (loaded: LoadedRun) => boolean) => Promise<LoadedRun>;
  readonly show: (message: StandInMessage) => void;
};

/** Creates the stage of a world; `stageMs` is how long one thing may take to be seen. */
export function createStage(world: DemoWorld, io: Io, stageMs = STAGE_MS): Stage {
  const see = async <T>(what: string, probe: () => Promise<T | undefined>): Promise<T> => {
    const seen = await waitFor(what, probe, { timeoutMs: stageMs });
    io.out(`  ✔ ${what}`);
    return seen;
  };
  return {
    title: (text) => io.out(`\n${text}`),
    say: (text) => io.out(`    ${text}`),
    see,
    metric: async (what, name, wanted) =>
      void (await see(what, async () => await readMetric(world.app.address, name, wanted))),
    message: async (what, fits) => await see(what, async () => world.slack.messages().find(fits)),
    run: async (what, id, fits) =>
      await see(what, async () => {
        const loaded = await world.app.core.runs.get(id);
        return loaded !== undefined && fits(loaded) ? loaded : undefined;
      }),
    show: (message) => {
      for (const line of messageText(message)) io.out(`    │ ${line}`);
    },
  };
}

async function readMetric(
  address: string,
  name: string,
  wanted: { readonly node?: string; readonly value: number },
): Promise<true | undefined> {
  const page = await fetch(`${address}/metrics`);
  const samples = readSamples(await page.text());
  const found = samples.some(
    (sample) =>
      sample.name === name &&
      sample.value === wanted.value &&
      (wanted.node === undefined || sample.labels["vault_node"] === wanted.node),
  );
  return found ? true : undefined;
}
