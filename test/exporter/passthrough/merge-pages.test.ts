import { describe, expect, it } from "@jest/globals";
import { FailureError } from "../../../src/lib/failure.ts";
import { inPieces, merge } from "./merge.ts";
import { readStrictly } from "./strict-page.ts";

const gauge = (name: string, ...samples: readonly string[]): string =>
  `# HELP ${name} ${name}\n# TYPE ${name} gauge\n${samples.map((sample) => `${name}${sample}\n`).join("")}`;

const summary = (name: string, ...samples: readonly string[]): string =>
  `# HELP ${name} ${name}\n# TYPE ${name} summary\n${samples.map((sample) => `${name}${sample}\n`).join("")}`;

const linesOf = (page: string): readonly string[] =>
  page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("mergePages", () => {
  it("writes each family once, under the first node's header, with the samples of all nodes and their labels", async () => {
    const { page, samples } = await merge([
      { page: gauge("vault_core_active", `{cluster="x"} 1`) + gauge("vault_core_unsealed", `{cluster="x"} 1`) },
      { page: "# HELP vault_core_active other\n# TYPE vault_core_active gauge\nvault_core_active 0\n" },
    ]);

    expect(page).toBe(
      [
        "# HELP vault_core_active vault_core_active",
        "# TYPE vault_core_active gauge",
        `vault_core_active{vault_cluster="c",vault_node="a",cluster="x"} 1`,
        `vault_core_active{vault_cluster="c",vault_node="b"} 0`,
        "# HELP vault_core_unsealed vault_core_unsealed",
        "# TYPE vault_core_unsealed gauge",
        `vault_core_unsealed{vault_cluster="c",vault_node="a",cluster="x"} 1`,
        "",
      ].join("\n"),
    );
    expect(samples).toEqual([2, 1]);
  });

  it("keeps a summary's quantiles, sum and count in one family", async () => {
    const page = summary("vault_raft_commitTime", `{quantile="0.5"} 1.5`, "_sum 3", "_count 2");

    const merged = await merge([{ page, active: true }, { page }]);

    expect(readStrictly(merged.page)).toMatchObject([{ name: "vault_raft_commitTime", type: "summary" }]);
    expect(merged.samples).toEqual([3, 3]);
  });

  it.each([
    { name: "a value in Go's form", line: "vault_a 1.6777216e+07", shown: "1.6777216e+07" },
    { name: "a timestamp", line: "vault_a 1 1700000000000", shown: "1 1700000000000" },
    { name: "blanks where they may be", line: `vault_a \t 1  `, shown: "1" },
    { name: "the end of a line as on Windows", line: "vault_a 1\r", shown: "1" },
    { name: "an exemplar, which is left out", line: `vault_a 1 # {trace_id="x"} 0.5 17`, shown: "1" },
    { name: "an infinity", line: "vault_a +Inf", shown: "+Inf" },
  ])("writes a sample with $name", async ({ line, shown }) => {
    const { page } = await merge([{ page: `# TYPE vault_a gauge\n${line}\n` }]);

    expect(page).toBe(`# TYPE vault_a gauge\nvault_a{vault_cluster="c",vault_node="a"} ${shown}\n`);
  });

  it("leaves labels as they are, whatever is in them", async () => {
    const labels = String.raw`a="}\"{\\\n",b="",policy="grün # {} 1"`;

    const { page } = await merge([{ page: gauge("vault_a", `{${labels}} 1`) }]);

    expect(page).toContain(`vault_a{vault_cluster="c",vault_node="a",${labels}} 1\n`);
  });

  it("renames a native label that is called as one of ours", async () => {
    const page = gauge("vault_a", `{vault_node="x",exported_vault_node="y",b="z"} 1`);

    const merged = await merge([{ page }]);

    expect(linesOf(merged.page)).toEqual([
      `vault_a{vault_cluster="c",vault_node="a",exported_exported_vault_node="x",exported_vault_node="y",b="z"} 1`,
    ]);
  });

  it("passes over comments, empty lines and the mark of a page's end", async () => {
    const { page, dropped } = await merge([{ page: `\n# a comment\n\r\n${gauge("vault_a", " 1")}#\n# EOF\n` }]);

    expect(linesOf(page)).toHaveLength(1);
    expect(dropped).toEqual([{}]);
  });

  it("shows a family that nobody declared as untyped", async () => {
    const { page } = await merge([{ page: "vault_a 1\nvault_b 2\n" }, { page: "vault_b 3\n" }]);

    expect(readStrictly(page.replaceAll(/^# TYPE (\S+) untyped$/gmu, "# TYPE $1 untyped"))).toMatchObject([
      { name: "vault_a", type: "untyped" },
      { name: "vault_b", type: "untyped" },
    ]);
  });

  it.each([
    { name: "a web page", page: "<html>\n<body>sign in</body>\n</html>\n", count: 3 },
    { name: "JSON", page: `{"errors":["x"]}\n`, count: 1 },
    { name: "a value that is no number", page: "vault_a one\n", count: 1 },
    { name: "a number that no float holds", page: "vault_a 1e999\n", count: 1 },
    { name: "a label twice", page: `vault_a{b="1",b="2"} 1\n`, count: 1 },
    { name: "the name as a label", page: `vault_a{__name__="b"} 1\n`, count: 1 },
    { name: "an unknown escape", page: String.raw`vault_a{b="\t"} 1` + "\n", count: 1 },
    { name: "a value right behind the braces", page: `vault_a{b="c"}1\n`, count: 1 },
    { name: "a name in quotes", page: `{"vault.a"} 1\n`, count: 1 },
    { name: "a line that is too long", page: `vault_a{b="${"x".repeat(70_000)}"} 1\n`, count: 1 },
  ])("leaves out $name, of which one line would cost Prometheus the page, and counts it", async ({ page, count }) => {
    const merged = await merge([{ page: page + gauge("vault_z", " 1") }, { page: gauge("vault_y", " 1") }]);

    expect(linesOf(merged.page)).toHaveLength(2);
    expect(merged.dropped).toEqual([{ invalid: count }, {}]);
  });

  it("leaves out text that is no UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from(`vault_a{b="`), Buffer.from([0xff]), Buffer.from(`"} 1\nvault_b 1\n`)]);

    const { page, dropped } = await merge([{ body: toAsync([bytes]) }]);

    expect(linesOf(page)).toEqual([`vault_b{vault_cluster="c",vault_node="a"} 1`]);
    expect(dropped).toEqual([{ invalid: 1 }]);
  });

  it.each([
    { name: "an unknown escape", help: Buffer.from(String.raw`about \t`) },
    { name: "a backslash at its end", help: Buffer.from("about \\") },
    { name: "what is no UTF-8", help: Buffer.from([0x61, 0xff]) },
  ])("leaves out a HELP with $name", async ({ help }) => {
    const bytes = Buffer.concat([
      Buffer.from("# HELP vault_a "),
      help,
      Buffer.from("\n# TYPE vault_a gauge\nvault_a 1\n"),
    ]);

    const { page } = await merge([{ body: toAsync([bytes]) }]);

    expect(page).toBe(`# TYPE vault_a gauge\nvault_a{vault_cluster="c",vault_node="a"} 1\n`);
  });

  it("passes over a declaration of what is no name", async () => {
    const { page } = await merge([{ page: "# TYPE vault_a{ counter\n# TYPE 1 counter\n# HELP\nvault_a 1\n" }]);

    expect(readStrictly(page)).toMatchObject([{ name: "vault_a", type: "untyped" }]);
  });

  it("keeps the escapes that a HELP may have", async () => {
    const { page } = await merge([{ page: String.raw`# HELP vault_a a \\ and a \n, grün` + "\r\nvault_a 1\n" }]);

    expect(page).toContain(String.raw`# HELP vault_a a \\ and a \n, grün` + "\n");
  });

  it("takes a family's first declaration when there is a second one in the middle of it", async () => {
    const second = "# TYPE vault_a summary\nvault_a 2\nvault_a_sum 3\n";

    const { page, dropped } = await merge([{ page: gauge("vault_a", ` 1`).replace(" 1", `{b="c"} 1`) + second }]);

    expect(readStrictly(page)).toMatchObject([{ name: "vault_a", type: "gauge" }]);
    expect(dropped).toEqual([{ "out-of-order": 1 }]);
  });

  it("leaves out NaN, by which a summary says that nothing was measured, and a family of which nothing is left", async () => {
    const { page, dropped } = await merge([
      {
        page:
          summary("vault_a", `{quantile="0.5"} NaN`, "_sum 3", "_count 2") + summary("vault_b", `{quantile="0.5"} NaN`),
      },
    ]);

    expect(linesOf(page)).toHaveLength(2);
    expect(page).not.toContain("vault_b");
    expect(dropped).toEqual([{ nan: 2 }]);
  });

  it("leaves out what a node wrote before it knew its cluster's name, once it is unsealed", async () => {
    const page = gauge("vault_core_unsealed", `{cluster=""} 0`, `{cluster="x"} 1`);

    const { page: merged, dropped } = await merge([{ page }, { page, unsealed: false }]);

    expect(linesOf(merged)).toEqual([
      `vault_core_unsealed{vault_cluster="c",vault_node="a",cluster="x"} 1`,
      `vault_core_unsealed{vault_cluster="c",vault_node="b",cluster=""} 0`,
      `vault_core_unsealed{vault_cluster="c",vault_node="b",cluster="x"} 1`,
    ]);
    expect(dropped).toEqual([{ boot: 1 }, {}]);
  });

  it.each([
    "vault_autopilot_healthy",
    "vault_autopilot_node_healthy",
    "vault_barrier_estimated_encryptions",
    "vault_core_mount_table_size",
    "vault_expire_num_leases",
    "vault_expire_num_irrevocable_leases",
    "vault_identity_entity_count",
    "vault_identity_entity_alias_count",
    "vault_raft_leader_oldestLogAge",
    "vault_raft_peers",
    "vault_raft_storage_follower_last_heartbeat_ms",
    "vault_seal_unreachable_time",
    "vault_secret_kv_count",
    "vault_token_count",
    "vault_token_count_by_policy",
    "openbao_expire_num_leases",
    "bao_host_1_expire_num_leases",
  ])("shows %s of the active node alone: an old leader repeats what was true when it led", async (name) => {
    const page = gauge(name, ` 1`);

    const { page: merged, dropped } = await merge([{ page }, { page, active: true }, { page }]);

    expect(linesOf(merged)).toEqual([`${name}{vault_cluster="c",vault_node="b"} 1`]);
    expect(dropped).toEqual([{ stale: 1 }, {}, { stale: 1 }]);
  });

  it("keeps an old leader's counters and summaries: they stand still, which is true", async () => {
    const page = gauge("vault_core_leadership_lost_count", " 1") + gauge("vault_raft_apply", " 33");

    expect((await merge([{ page }])).samples).toEqual([2]);
  });

  it("leaves out a difference of indexes that went below 0", async () => {
    const name = "vault_raft_storage_follower_applied_index_delta";
    const page = gauge(name, `{peer_id="a"} 1.8446744e+19`, `{peer_id="b"} 12`);

    const { page: merged, dropped } = await merge([{ page, active: true }]);

    expect(linesOf(merged)).toEqual([`${name}{vault_cluster="c",vault_node="a",peer_id="b"} 12`]);
    expect(dropped).toEqual([{ underflow: 1 }]);
  });

  it("shows a series of a node once", async () => {
    const lines = [`{b="1"} 1`, `{b="2"} 2`, `{b="1"} 3`, " 4", " 5", "{} 6"];

    const { page, dropped } = await merge([{ page: gauge("vault_a", ...lines) }, { page: gauge("vault_a", ...lines) }]);

    expect(linesOf(page).map((line) => line.at(-1))).toEqual(["1", "2", "4", "1", "2", "4"]);
    expect(dropped).toEqual([{ duplicate: 3 }, { duplicate: 3 }]);
  });

  it("leaves out the samples of a node that gives a family another type than the first", async () => {
    const { page, dropped } = await merge([
      { page: gauge("vault_a", " 1") },
      { page: summary("vault_a", "_sum 1", "_count 1") },
      { page: gauge("vault_a", " 2") },
    ]);

    expect(linesOf(page)).toHaveLength(2);
    expect(dropped).toEqual([{}, { "type-conflict": 2 }, {}]);
  });

  it("leaves out a family that has the name of a summary's count", async () => {
    const { page, dropped } = await merge([
      { page: summary("vault_a", "_sum 1", "_count 1") },
      { page: gauge("vault_a_b", " 1") + gauge("vault_a_count", " 1") },
    ]);

    expect(readStrictly(page).map(({ name }) => name)).toEqual(["vault_a", "vault_a_b"]);
    expect(dropped).toEqual([{}, { "name-conflict": 1 }]);
  });

  it("shows process_* as vault_process_*, because the program has such metrics of its own, and go_* as they are", async () => {
    const { page } = await merge([{ page: gauge("go_goroutines", " 7") + gauge("process_open_fds", " 9") }]);

    expect(readStrictly(page).map(({ name }) => name)).toEqual(["go_goroutines", "vault_process_open_fds"]);
    expect(page).toContain("# HELP vault_process_open_fds process_open_fds\n");
  });

  it.each(["sealwatch_node_up", "nodejs_version_info", "vault_process_open_fds", "vault_up"])(
    "leaves out %s, which is or can be one of our own",
    async (name) => {
      const { page, dropped } = await merge([{ page: gauge(name, " 1") }], { reserved: ["vault_up"] });

      expect(page).toBe("");
      expect(dropped).toEqual([{ "name-conflict": 1 }]);
    },
  );

  it("leaves out a family that comes too late for its place", async () => {
    const page =
      gauge("vault_b", " 1") + gauge("vault_a", " 1", `{c="d"} 2`) + gauge("vault_c", " 1") + gauge("vault_b", " 2");

    const { page: merged, dropped } = await merge([{ page }, { page: gauge("vault_a", " 1") }]);

    expect(readStrictly(merged).map(({ name }) => name)).toEqual(["vault_a", "vault_b", "vault_c"]);
    expect(dropped).toEqual([{ "out-of-order": 3 }, {}]);
  });

  it.each([
    { name: "nothing else than what is asked for", include: ["vault_a*"], exclude: [], shown: ["vault_a", "vault_ab"] },
    { name: "not what is excluded", include: [], exclude: ["go_*", "*_ab"], shown: ["vault_a", "vault_process_x"] },
    {
      name: "not what is excluded of what is asked for",
      include: ["vault_*"],
      exclude: ["vault_a"],
      shown: ["vault_ab", "vault_process_x"],
    },
    {
      name: "a family by the name that it has on our page",
      include: ["vault_process_*"],
      exclude: [],
      shown: ["vault_process_x"],
    },
    {
      name: "series that are new every hour when they are asked for",
      include: ["*_expire_leases_by_expiration"],
      exclude: [],
      shown: ["vault_expire_leases_by_expiration"],
    },
  ])("shows $name", async ({ include, exclude, shown }) => {
    const names = ["go_a", "process_x", "vault_a", "vault_ab", "vault_expire_leases_by_expiration"];
    const page = names.map((name) => gauge(name, " 1")).join("");

    const { page: merged, dropped } = await merge([{ page, active: true }], { include, exclude });

    expect(readStrictly(merged).map(({ name }) => name)).toEqual(expect.arrayContaining(shown));
    expect(dropped).toEqual([{ excluded: names.length - shown.length }]);
  });

  it("gives what a node wrote before it died, in whole lines, and says why there is no more", async () => {
    const page = `${gauge("vault_a", " 1")}# TYPE vault_b gauge\nvault_b 12`;
    const dying = (async function* () {
      yield* inPieces(page, 5);
      throw new FailureError({ reason: "unreachable", message: "cannot read on", retryable: true });
    })();

    const merged = await merge([{ body: dying }, { page: gauge("vault_b", " 1") }]);

    expect(linesOf(merged.page)).toEqual([
      `vault_a{vault_cluster="c",vault_node="a"} 1`,
      `vault_b{vault_cluster="c",vault_node="b"} 1`,
    ]);
    expect(merged.failures).toEqual(["unreachable", undefined]);
  });

  it("gives a page in pieces, so that it is never held whole", async () => {
    const lines = Array.from({ length: 20_000 }, (_line, index) => `{policy="p${index}"} ${index}`);

    const { page, samples } = await merge(
      [{ page: gauge("vault_a", ...lines) }, { page: gauge("vault_b", ...lines) }],
      { pieces: 65_536 },
    );

    expect(samples).toEqual([20_000, 20_000]);
    expect(readStrictly(page)).toHaveLength(2);
  });
});

async function* toAsync<T>(values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}
