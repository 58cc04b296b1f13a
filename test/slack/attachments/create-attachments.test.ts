import { describe, expect, it } from "@jest/globals";
import type { Chart } from "../../../src/lib/chart.ts";
import type { Block, Wanted } from "../../../src/slack/render/content.ts";
import { section } from "../../../src/slack/render/content.ts";
import { openAttachments, PNG } from "./world.ts";

const T0 = Date.UTC(2026, 10, 22, 3);

const chart: Chart = {
  title: "Leases",
  unit: "leases",
  series: [
    {
      name: "all",
      points: [
        [T0, 48_210],
        [T0 + 60_000, 1204],
      ],
    },
  ],
  marks: [{ at: T0 + 30_000, label: "vault.revoke-prefix approved" }],
};

function wantedWith(change: Partial<Wanted>): Wanted {
  return { key: "run:R1/step:leases:1", mode: "once", text: "counted", blocks: [section("counted")], ...change };
}

const withChart = wantedWith({ charts: [chart] });

function imagesOf(blocks: readonly Block[]): readonly { readonly id: unknown; readonly alt: string }[] {
  return blocks.flatMap((block) =>
    block.type === "image"
      ? [
          {
            id: "slack_file" in block && "id" in block.slack_file ? block.slack_file.id : undefined,
            alt: block.alt_text,
          },
        ]
      : [],
  );
}

const upload = (name: string): string => `files.${name}`;
const countCalls = (calls: readonly { readonly method: string }[], method: string): number =>
  calls.filter((call) => call.method === method).length;

describe("giving a message its pictures", () => {
  it("gives the message at once without them, and with them when asked again", async () => {
    await using world = await openAttachments();
    const first = await world.attachments.resolve(withChart, world.place);
    expect(first).toEqual({ text: "counted", blocks: withChart.blocks, againMs: 1000 });
    const { text, blocks, againMs } = await world.settle(withChart);
    const [file] = world.slack.files();
    expect({ text, againMs }).toEqual({ text: "counted", againMs: undefined });
    expect(blocks.slice(0, -1)).toEqual(withChart.blocks);
    expect(imagesOf(blocks)).toEqual([
      {
        id: file?.id,
        alt: "Leases: all from 48,210 leases to 1,204 leases now; vault.revoke-prefix approved at 03:00 UTC",
      },
    ]);
  });

  it("uploads what was drawn, shared nowhere, and Slack takes the message", async () => {
    await using world = await openAttachments();
    const content = await world.settle(withChart);
    expect(world.slack.files()).toMatchObject([{ name: "chart.png", title: "Leases", channels: [], bytes: PNG }]);
    const ts = await world.outgoing.post(world.place, [withChart.key], content, false);
    expect(world.slack.messages().find((message) => message.ts === ts)?.blocks).toHaveLength(2);
  });

  it("waits for no drawing", async () => {
    const endless = new Promise<Uint8Array>(() => {});
    await using world = await openAttachments({ drawChart: async () => await endless });
    expect(await world.attachments.resolve(withChart, world.place)).toMatchObject({ againMs: 1000 });
    expect(await world.attachments.resolve(withChart, world.place)).toMatchObject({ againMs: 1000 });
  });

  it("draws and uploads each chart once, however often and by whichever replica it is asked for", async () => {
    await using world = await openAttachments();
    await Promise.all([
      world.settle(withChart),
      world.settle(withChart),
      world.settle(wantedWith({ key: "run:R1/end", charts: [chart] })),
    ]);
    const other = world.another();
    const content = await other.resolve(withChart, world.place);
    expect(imagesOf(content.blocks)).toHaveLength(1);
    expect(content.againMs).toBeUndefined();
    expect(world.drawn).toHaveLength(1);
    expect(countCalls(world.slack.calls(), upload("completeUploadExternal"))).toBe(1);
  });

  it("shows another picture when the chart is another", async () => {
    await using world = await openAttachments();
    const first = imagesOf((await world.settle(withChart)).blocks);
    const second = imagesOf(
      (await world.settle(wantedWith({ charts: [{ ...chart, title: "Leases, later" }] }))).blocks,
    );
    expect(first[0]?.id).not.toBe(second[0]?.id);
  });

  it("gives Slack a moment to take a file in", async () => {
    await using world = await openAttachments();
    await world.settle(withChart);
    const [stored] = [...world.messages.all.values()];
    expect(stored).toMatchObject({ digest: "uploaded", ts: world.slack.files()[0]?.id });
    // Uploaded by this process just now: it is not shown yet, although it is there.
    await using young = await openAttachments();
    let content = await young.attachments.resolve(withChart, young.place);
    while (young.slack.files().length === 0 || content.againMs === 1000) {
      await new Promise((resolve) => setImmediate(resolve));
      content = await young.attachments.resolve(withChart, young.place);
    }
    expect(content.againMs).toBe(1500);
    expect(imagesOf(content.blocks)).toEqual([]);
    young.pass(1500);
    expect(imagesOf((await young.attachments.resolve(withChart, young.place)).blocks)).toHaveLength(1);
  });

  it("shows at most three pictures", async () => {
    await using world = await openAttachments();
    const charts = Array.from({ length: 5 }, (_, index) => ({ ...chart, title: `Leases ${index}` }));
    expect(imagesOf((await world.settle(wantedWith({ charts }))).blocks)).toHaveLength(3);
  });
});

describe("leaving a picture out", () => {
  it("says once that the bot may not upload, and tries again after ten minutes", async () => {
    await using world = await openAttachments({ scopes: ["chat:write"] });
    const charts = Array.from({ length: 3 }, (_, index) => ({ ...chart, title: `Leases ${index}` }));
    const content = await world.settle(wantedWith({ charts }));
    expect(content).toEqual({ text: "counted", blocks: withChart.blocks, againMs: undefined });
    await world.settle(withChart);
    expect(world.logs).toEqual(["warn cannot show pictures and files in slack: the bot lacks files:write {}"]);
    expect(countCalls(world.slack.calls(), upload("getUploadURLExternal"))).toBe(1);
    world.pass(10 * 60_000);
    await world.settle(withChart);
    expect(countCalls(world.slack.calls(), upload("getUploadURLExternal"))).toBe(2);
    expect(world.logs).toHaveLength(1);
  });

  it.each([
    {
      name: "cannot be drawn",
      drawChart: async () => await Promise.reject(new Error("no such font")),
      words: "no such font",
    },
    {
      name: "is too big",
      drawChart: async () => await Promise.resolve(new Uint8Array(300_001)),
      words: "300001 bytes",
    },
  ])("says once that a chart $name", async ({ drawChart, words }) => {
    await using world = await openAttachments({ drawChart });
    expect(imagesOf((await world.settle(withChart)).blocks)).toEqual([]);
    await world.settle(withChart);
    expect(world.logs).toHaveLength(1);
    expect(world.logs[0]).toContain(words);
    expect(countCalls(world.slack.calls(), upload("getUploadURLExternal"))).toBe(0);
  });

  it.each([
    {
      name: "the address is refused",
      method: upload("getUploadURLExternal"),
      fault: { error: "invalid_arguments" } as const,
    },
    {
      name: "the end is refused",
      method: upload("completeUploadExternal"),
      fault: { error: "file_type_not_allowed" } as const,
    },
  ])("gives a picture up when $name", async ({ method, fault }) => {
    await using world = await openAttachments();
    world.slack.failNext(method, fault);
    expect(imagesOf((await world.settle(withChart)).blocks)).toEqual([]);
    expect(world.logs.filter((line) => line.includes("cannot upload a file"))).toHaveLength(1);
  });

  it.each(["after-effect", "drop-after-effect", { status: 503 }, { error: "internal_error" }] as const)(
    "repeats an upload that ended with %j",
    async (fault) => {
      await using world = await openAttachments();
      world.slack.failNext(upload("completeUploadExternal"), fault);
      world.slack.failNext(upload("getUploadURLExternal"), fault);
      expect(imagesOf((await world.settle(withChart)).blocks)).toHaveLength(1);
    },
  );

  it("gives a picture up after forty uploads that failed, some forty minutes, and says so at their beginning and end", async () => {
    await using world = await openAttachments();
    for (let time = 0; time < 50; time++) world.slack.failNext(upload("getUploadURLExternal"), { status: 500 });
    expect(imagesOf((await world.settle(withChart)).blocks)).toEqual([]);
    expect(countCalls(world.slack.calls(), upload("getUploadURLExternal"))).toBe(40);
    expect(world.logs).toHaveLength(2);
  });

  it("brings picture and file, each once, when Slack was away for ten minutes", async () => {
    await using world = await openAttachments();
    const wanted = wantedWith({ charts: [chart], file: { name: "leases.txt", text: "one\n" } });
    world.slack.down();
    let away = 0;
    while (away < 10 * 60_000) {
      const { againMs = 0, blocks } = await world.attachments.resolve(wanted, world.place);
      expect(imagesOf(blocks)).toEqual([]);
      expect(againMs).toBeGreaterThan(0);
      expect(againMs).toBeLessThanOrEqual(60_000);
      // Real work goes on between two looks; virtual time passes only when nothing is under way.
      if (againMs !== 1000) {
        world.pass(againMs);
        away += againMs;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    world.slack.up();
    expect(imagesOf((await world.settle(wanted)).blocks)).toHaveLength(1);
    expect(
      world.slack
        .files()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["chart.png", "leases.txt"]);
  });

  it("waits as long as Slack says", async () => {
    await using world = await openAttachments();
    world.slack.failNext(upload("getUploadURLExternal"), { status: 429, retryAfter: 30 });
    let content = await world.attachments.resolve(withChart, world.place);
    while (content.againMs === 1000) {
      await new Promise((resolve) => setImmediate(resolve));
      content = await world.attachments.resolve(withChart, world.place);
    }
    expect(content.againMs).toBe(30_000);
    expect(imagesOf((await world.settle(withChart)).blocks)).toHaveLength(1);
  });

  it("leaves it out for a while when Slack refuses the message, and gives it up for all replicas in the end", async () => {
    await using world = await openAttachments();
    await world.settle(withChart);
    const waits: (number | undefined)[] = [];
    for (let time = 0; time < 5; time++) {
      const againMs = await world.attachments.refused(withChart, world.place);
      waits.push(againMs);
      expect(imagesOf((await world.attachments.resolve(withChart, world.place)).blocks)).toEqual([]);
      world.pass(againMs ?? 0);
      if (againMs !== undefined)
        expect(imagesOf((await world.attachments.resolve(withChart, world.place)).blocks)).toHaveLength(1);
    }
    expect(waits).toEqual([3000, 6000, 12_000, 24_000, undefined]);
    expect(await world.another().resolve(withChart, world.place)).toEqual({
      text: "counted",
      blocks: withChart.blocks,
      againMs: undefined,
    });
  });

  it("asks again later when the store cannot be asked, and uploads all the same when it cannot be written", async () => {
    await using world = await openAttachments();
    const broken = world.another({
      messages: { ...world.messages, get: async () => await Promise.reject(new Error("the disk is away")) },
    });
    expect(await broken.resolve(withChart, world.place)).toMatchObject({ againMs: 5000 });
    world.messages.failPuts = 1;
    expect(imagesOf((await world.settle(withChart)).blocks)).toHaveLength(1);
  });
});

describe("uploading a file", () => {
  const withFile = wantedWith({ file: { name: "leases.txt", text: "one\ntwo\n" } });

  it("puts it into the thread once, as a snippet, whoever asks", async () => {
    await using world = await openAttachments();
    await Promise.all([world.settle(withFile), world.settle(withFile)]);
    await world.settle(withFile, world.another());
    const { channel, threadTs } = world.place;
    const files = world.slack.files();
    expect(files).toMatchObject([{ name: "leases.txt", channels: [channel], threadTs, snippetType: "text" }]);
    expect(new TextDecoder().decode(files[0]?.bytes)).toBe("one\ntwo\n");
  });

  it("leaves the message as it is", async () => {
    await using world = await openAttachments();
    expect(await world.settle(withFile)).toEqual({ text: "counted", blocks: withFile.blocks, againMs: undefined });
  });

  it("notes it in the store before, and uploads nothing while it cannot", async () => {
    await using world = await openAttachments();
    world.messages.failPuts = 3;
    await world.settle(withFile);
    const uploads = world.slack.calls().filter(({ method }) => method.startsWith("files."));
    expect(uploads.map(({ method }) => method)).toEqual([
      upload("getUploadURLExternal"),
      upload("completeUploadExternal"),
    ]);
    expect(countCalls(world.slack.calls(), "auth.test")).toBe(4);
  });

  it("uploads it once more, and no oftener, when nobody knows how it ended", async () => {
    await using world = await openAttachments();
    for (let time = 0; time < 9; time++) world.slack.failNext(upload("completeUploadExternal"), "after-effect");
    await world.settle(withFile);
    expect(world.slack.files()).toHaveLength(2);
    expect(await world.attachments.resolve(withFile, world.place)).toMatchObject({ againMs: undefined });
  });

  it("uploads it once more when the process died in between", async () => {
    await using world = await openAttachments();
    await world.settle(withFile);
    const [stored] = [...world.messages.all.values()];
    if (stored === undefined) throw new Error("nothing was stored");
    world.messages.all.set(stored.key, { ...stored, ts: undefined, digest: "begun" });
    // Nor oftener, when that ends unclear too.
    for (let time = 0; time < 9; time++) world.slack.failNext(upload("completeUploadExternal"), "after-effect");
    await world.settle(withFile, world.another());
    expect(world.slack.files()).toHaveLength(2);
  });

  it("uploads it once more when nobody knows how it ended and Slack was away after that", async () => {
    await using world = await openAttachments();
    world.slack.failNext(upload("completeUploadExternal"), { status: 503 });
    await world.attachments.resolve(withFile, world.place);
    while (world.logs.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let time = 0; time < 60; time++) world.slack.failNext("auth.test", { status: 503 });
    await world.settle(withFile);
    expect(world.slack.files()).toHaveLength(1);
    expect(countCalls(world.slack.calls(), "auth.test")).toBe(62);
  });

  it("cuts what is longer than Slack's megabyte between lines, and says so", async () => {
    await using world = await openAttachments();
    const text = "a line of some text, with ümlauts\n".repeat(50_000);
    await world.settle(wantedWith({ file: { name: "long.txt", text } }));
    const [file] = world.slack.files();
    const written = new TextDecoder("utf-8", { fatal: true }).decode(file?.bytes);
    expect(file?.bytes.byteLength).toBeLessThanOrEqual(1_000_000);
    expect(file?.bytes.byteLength).toBeGreaterThan(990_000);
    expect(written).toMatch(/with ümlauts\n… cut here: 1750000 bytes in all\n$/u);
  });

  it("cuts a text without lines between two characters", async () => {
    await using world = await openAttachments();
    await world.settle(wantedWith({ file: { name: "long.txt", text: `a${"🔐".repeat(300_000)}` } }));
    const written = new TextDecoder("utf-8", { fatal: true }).decode(world.slack.files()[0]?.bytes);
    expect(written).toMatch(/^a(?:🔐)+\n… cut here/u);
  });

  it("leaves the file of a message without a thread out", async () => {
    await using world = await openAttachments();
    const place = { ...world.place, threadTs: undefined };
    expect(await world.attachments.resolve(withFile, place)).toMatchObject({ againMs: undefined });
    expect(world.slack.files()).toEqual([]);
  });
});

describe("keeping secrets out of pictures and files", () => {
  const canary = `hvs.${"A1b2C3d4".repeat(6)}`;
  const secretive: Chart = {
    title: `Leases of ${canary}`,
    unit: canary,
    series: [
      {
        name: canary,
        points: [
          [T0, 1],
          [T0 + 1000, 2],
        ],
      },
    ],
    marks: [{ at: T0, label: canary }],
  };

  it("draws, says and uploads nothing that looks like one", async () => {
    await using world = await openAttachments();
    const wanted = wantedWith({
      charts: [secretive],
      file: { name: `${canary}.txt`, text: `token ${canary}\nand share ${"5f".repeat(32)}\n` },
    });
    const content = await world.settle(wanted);
    await world.outgoing.post(world.place, [wanted.key], content, false);
    expect(JSON.stringify(world.drawn)).not.toContain("A1b2C3d4");
    expect(JSON.stringify(world.drawn)).toContain("redacted Vault token");
    expect(JSON.stringify(content)).not.toContain("A1b2C3d4");
    expect(JSON.stringify(world.slack.payloads())).not.toContain("A1b2C3d4");
    const written = world.slack
      .files()
      .map(({ name, title, bytes }) => `${name} ${title} ${new TextDecoder().decode(bytes)}`)
      .join();
    expect(written).not.toMatch(/A1b2C3d4|5f5f5f5f/u);
    expect(written).toContain("[redacted key share]");
  });

  it("logs nothing that looks like one", async () => {
    await using world = await openAttachments({
      drawChart: async () => await Promise.reject(new Error(`no glyph for ${canary}`)),
    });
    await world.settle(wantedWith({ charts: [secretive] }));
    expect(world.logs.join()).toContain("<redacted Vault token>");
    expect(world.logs.join()).not.toContain("A1b2C3d4");
  });
});
