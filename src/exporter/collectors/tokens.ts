import type { Collector, FamilyDeclaration, NativeSample, Sample } from "../collector.ts";
import { gauge, withSamples } from "../family.ts";

/** Vault itself keeps the 500 largest of each (`maximum_gauge_cardinality`); the page has as many as a person reads. */
const MOST_SERIES = 50;

const SOURCE =
  "From the active node's own gauges, which are written every 10 minutes (usage_gauge_period): none for up to 20 minutes after a fail-over. Batch tokens are not stored, so not counted.";

/** One of Vault's gauges, and the label by which we add it up; undefined for the sum of all. */
type Reading = { readonly native: string; readonly from: string | undefined; readonly family: FamilyDeclaration };

const READINGS: readonly Reading[] = [
  {
    native: "token_count",
    from: undefined,
    family: gauge("sealwatch_tokens", `Service tokens that exist, in all namespaces. ${SOURCE}`),
  },
  {
    native: "token_count_by_auth",
    from: "auth_method",
    family: gauge(
      "sealwatch_tokens_by_auth",
      `Service tokens by the auth method that made them, the ${MOST_SERIES} largest. ${SOURCE}`,
      ["auth_method"],
    ),
  },
  {
    native: "token_count_by_policy",
    from: "policy",
    family: gauge(
      "sealwatch_tokens_by_policy",
      `Service tokens by policy, the ${MOST_SERIES} largest; a token counts once for each of its policies. ${SOURCE}`,
      ["policy"],
    ),
  },
  {
    native: "token_count_by_ttl",
    from: "creation_ttl",
    family: gauge(
      "sealwatch_tokens_by_creation_ttl",
      `Service tokens by the TTL that they were made with, up to this; +Inf is more than 30 days, not without end. ${SOURCE}`,
      ["creation_ttl"],
    ),
  },
];

/** How many tokens exist and what made them, from the active node: an old leader repeats its last numbers for a day. */
export const tokens: Collector = {
  name: "tokens",
  help: "Service tokens, by auth method, policy and TTL, from the active node.",
  families: READINGS.map(({ family }) => family),
  policy: [{ path: "sys/metrics", capabilities: ["read"] }],
  native: READINGS.map(({ native }) => native),
  async collect(context) {
    const samples = await context.native();
    return READINGS.map((reading) =>
      withSamples(
        reading.family,
        largest(
          reading,
          samples.filter(({ name }) => name === reading.native),
        ),
      ),
    );
  },
};

/** Adds up over namespaces, of which a token of the root namespace sees all. */
function largest({ from }: Reading, samples: readonly NativeSample[]): readonly Sample[] {
  const sums = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = from === undefined ? "" : (labels[from] ?? "");
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return [...sums]
    .sort(([, left], [, right]) => right - left)
    .slice(0, MOST_SERIES)
    .map(([key, value]) => (from === undefined ? { value } : { labels: { [from]: key }, value }));
}
