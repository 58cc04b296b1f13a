import type { Chart } from "../../lib/chart.ts";
import type { Clock } from "../../lib/clock.ts";
import { canonicalJson } from "../../lib/json.ts";
import type { Logger } from "../../lib/logger.ts";
import type { MessageStore } from "../../runner/ports.ts";
import { KEYS } from "../ids.ts";
import type { Outgoing, Place } from "../outgoing.ts";
import { clean } from "../render/clean.ts";
import type { Block, Wanted } from "../render/content.ts";
import { code } from "../render/mrkdwn.ts";
import { sha256 } from "../sha256.ts";
import { altText } from "./alt-text.ts";
import type { Attached, Attachments } from "./attachments.ts";
import type { Job } from "./job.ts";
import { snippet } from "./snippet.ts";
import { createUploads, type Standing, type Uploads } from "./uploads.ts";

/** What attachments are made of. */
export type AttachmentsOptions = {
  readonly outgoing: Pick<Outgoing, "upload" | "whoAmI">;
  readonly messages: MessageStore;
  /** Draws a chart as a PNG. */
  readonly drawChart: (chart: Chart) => Promise<Uint8Array>;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Pictures of one message at most. */
const MOST_CHARTS = 3;
/** A picture beyond this is left out; ours are a tenth of it. */
const MOST_BYTES = 300_000;

/** Makes Attachments. What is drawn or uploaded went through `clean` first: a picture cannot be redacted later. */
export function createAttachments(options: AttachmentsOptions): Attachments {
  const uploads = createUploads(options);
  return {
    resolve: async (wanted, place) => await resolve(options, uploads, wanted, place),
    refused: async (wanted, { channel }) =>
      soonest(
        await Promise.all(
          chartsOf(wanted).map(async (chart) => await uploads.notYet({ key: await pictureKey(chart), channel })),
        ),
      ),
  };
}

async function resolve(options: AttachmentsOptions, uploads: Uploads, wanted: Wanted, place: Place): Promise<Attached> {
  const pictures = await Promise.all(
    chartsOf(wanted).map(async (chart) => {
      const standing = await uploads.ask(await pictureJob(options, chart, place));
      return { standing, blocks: standing.kind === "there" ? [imageBlock(chart, standing.id)] : [] };
    }),
  );
  const file = await fileJob(options, wanted, place);
  const uploaded = file === undefined ? [] : [await uploads.ask(file)];
  return {
    text: wanted.text,
    blocks: [...wanted.blocks, ...pictures.flatMap(({ blocks }) => blocks)],
    againMs: soonest([...pictures.map(({ standing }) => standing), ...uploaded]),
  };
}

function chartsOf({ charts = [] }: Wanted): readonly Chart[] {
  return charts.slice(0, MOST_CHARTS).map((chart) => clean(chart));
}

function soonest(standings: readonly Standing[]): number | undefined {
  const waits = standings.flatMap((standing) => (standing.kind === "later" ? [standing.afterMs] : []));
  return waits.length === 0 ? undefined : Math.min(...waits);
}

function imageBlock(chart: Chart, id: string): Block {
  return { type: "image", slack_file: { id }, alt_text: altText(chart) };
}

async function pictureKey(chart: Chart): Promise<string> {
  return KEYS.file(await sha256(canonicalJson(chart)));
}

async function pictureJob({ outgoing, drawChart }: AttachmentsOptions, chart: Chart, { channel }: Place): Promise<Job> {
  return {
    key: await pictureKey(chart),
    channel,
    shared: false,
    prepare: async () => bounded(await drawChart(chart)),
    send: async (bytes) => await outgoing.upload({ name: "chart.png", title: chart.title, bytes }),
  };
}

function bounded(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength <= MOST_BYTES) return bytes;
  throw new Error(`a chart of ${bytes.byteLength} bytes is more than ${MOST_BYTES}`);
}

/** A file belongs into a thread: a message that begins one has none yet, and its file waits for nothing. */
async function fileJob(
  { outgoing, logger }: AttachmentsOptions,
  { key, file }: Wanted,
  place: Place,
): Promise<Job | undefined> {
  if (file === undefined) return undefined;
  if (place.threadTs === undefined) {
    logger.warn("cannot put a file of slack into a thread that is not there", { key });
    return undefined;
  }
  const { name, text } = clean(file);
  const where = `${place.channel}/${place.threadTs}`;
  return {
    key: KEYS.file(await sha256(canonicalJson([where, name, text]))),
    channel: place.channel,
    shared: true,
    check: async () => await outgoing.whoAmI(),
    prepare: async () => await Promise.resolve(snippet(text)),
    send: async (bytes) =>
      await outgoing.upload({ name, title: name, bytes, snippetType: "text" }, { place, comment: code(name) }),
  };
}
