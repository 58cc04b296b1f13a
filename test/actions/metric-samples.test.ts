import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseLabels, readMetricSamples } from "../../src/actions/metric-samples.ts";

const PAGE = `# HELP vault_core_active vault_core_active
# TYPE vault_core_active gauge
vault_core_active{cluster="prod"} 1
# TYPE vault_core_handle_request summary
vault_core_handle_request{quantile="0.5"} NaN
vault_core_handle_request{quantile="0.99"} 12.5
vault_core_handle_request_sum 34.5
vault_core_handle_request_count 19 1700000000000
vault_quota{path="a\\"b\\\\c\\nd"} +Inf
vault_expire_num_leases 1.6777216e+07`;

describe("readMetricSamples", () => {
  it.each([
    { name: "a gauge without labels", metric: "vault_expire_num_leases", labels: {}, values: [16_777_216] },
    { name: "a gauge whatever its labels", metric: "vault_core_active", labels: {}, values: [1] },
    {
      name: "the series of a label",
      metric: "vault_core_handle_request",
      labels: { quantile: "0.99" },
      values: [12.5],
    },
    { name: "numbers that are none", metric: "vault_core_handle_request", labels: {}, values: [Number.NaN, 12.5] },
    { name: "a name that begins another", metric: "vault_core_handle_request_count", labels: {}, values: [19] },
    { name: "an escaped label", metric: "vault_quota", labels: { path: 'a"b\\c\nd' }, values: [Infinity] },
    { name: "no other label's value", metric: "vault_core_active", labels: { cluster: "dev" }, values: [] },
    { name: "nothing of a metric that is not there", metric: "vault_core", labels: {}, values: [] },
  ])("reads $name", async ({ metric, labels, values }) => {
    expect(await readMetricSamples(pieces(PAGE, 1000), { name: metric, labels }, "vault-0")).toEqual(values);
  });

  it("reads the same however the page is cut, through a character too", async () => {
    const page = 'm{name="größe"} 4\nother 1\nm{name="x"} 5\n';
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
        expect(await readMetricSamples(pieces(page, size), { name: "m", labels: { name: "größe" } }, "n")).toEqual([4]);
      }),
    );
  });

  it.each([
    { name: "a value that is no number", page: "m one\n" },
    { name: "labels that are none", page: "m{a=1} 1\n" },
    { name: "a line without an end", page: `m ${"9".repeat(2 * 1024 * 1024)}` },
  ])("refuses $name", async ({ page }) => {
    await expect(readMetricSamples(pieces(page, 65_536), { name: "m", labels: {} }, "vault-0")).rejects.toMatchObject({
      reason: "invalid-answer",
      message: expect.stringContaining("vault-0"),
    });
  });

  it("passes on the failure of the page", async () => {
    const broken = (async function* () {
      yield await Promise.resolve(new TextEncoder().encode("m 1\n"));
      throw new Error("broke off");
    })();
    await expect(readMetricSamples(broken, { name: "m", labels: {} }, "vault-0")).rejects.toThrow("broke off");
  });
});

describe("parseLabels", () => {
  it.each([
    { text: "", labels: {} },
    { text: 'quantile="0.99"', labels: { quantile: "0.99" } },
    { text: 'a="1", b="2",', labels: { a: "1", b: "2" } },
    { text: '__proto__="x"', labels: JSON.parse('{"__proto__":"x"}') as object },
  ])("reads $text", ({ text, labels }) => {
    expect(parseLabels(text)).toEqual(labels);
  });

  it.each(["quantile=0.99", 'quantile!="0.99"', 'a="1" or b="2"', '"a"="1"'])("refuses %s", (text) => {
    expect(parseLabels(text)).toBeUndefined();
  });
});

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
