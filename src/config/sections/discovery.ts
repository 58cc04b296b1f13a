import { z } from "zod";
import { Interval } from "../../runbook/schema.ts";

const port = z.int().min(1).max(65_535).default(8200).describe("Port of the API.");
const scheme = z
  .enum(["https", "http"])
  .default("https")
  .describe(
    "How the found nodes are spoken to. With `http` nobody proves who they are, and the token goes to whoever is found.",
  );
const refresh = Interval.prefault("30s").describe("How often it is looked up again.");

/** Discovery says where a cluster's nodes are found besides those that are listed. What was last found is kept while it cannot be looked up. */
export const Discovery = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("dns"),
    name: z
      .string()
      .min(1)
      .describe(
        "Name to look up, for instance `vault-internal.vault.svc`; for `SRV` a complete one, as `….svc.cluster.local`.",
      ),
    record: z
      .enum(["A", "SRV"])
      .default("A")
      .describe("`A` gives addresses (AAAA where there is no A), `SRV` hosts and ports."),
    port,
    scheme,
    serverName: z
      .string()
      .optional()
      .describe(
        "Name to expect in the certificates; default: tls.serverName, else the looked-up name (`A`) or each host's (`SRV`).",
      ),
    refresh,
  }),
  z.strictObject({
    type: z.literal("raft"),
    port,
    scheme,
    refresh,
  }),
  z.strictObject({
    type: z.literal("kubernetes"),
    namespace: z.string().min(1).describe("Namespace of the pods."),
    labelSelector: z
      .string()
      .min(1)
      .default("component=server,app.kubernetes.io/name in (vault,openbao)")
      .describe("Which pods are nodes; the default fits HashiCorp's and OpenBao's charts."),
    service: z
      .string()
      .min(1)
      .optional()
      .describe("Headless service; nodes are then `https://POD.SERVICE.NAMESPACE.svc:PORT`, else the pods' own IPs."),
    port,
    scheme,
    serverName: z.string().optional().describe("Name to expect in the certificates when they hold no IP."),
    kubeconfigFile: z.string().min(1).optional().describe("Kubeconfig; default: the pod's own service account."),
  }),
]);
export type Discovery = z.infer<typeof Discovery>;
