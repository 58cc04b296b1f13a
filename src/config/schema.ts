import { z } from "zod";
import { Access } from "./sections/access.ts";
import { Auth } from "./sections/auth.ts";
import { Backup } from "./sections/backup.ts";
import { Discovery } from "./sections/discovery.ts";
import { Exec } from "./sections/exec.ts";
import { Exporter } from "./sections/exporter.ts";
import { Investigations } from "./sections/investigations.ts";
import { Operator } from "./sections/operator.ts";
import { Probe } from "./sections/probes.ts";
import { Prometheus } from "./sections/prometheus.ts";
import { SecretSource } from "./sections/secret.ts";
import { Slack } from "./sections/slack.ts";
import { Store } from "./sections/store.ts";

/** Tls says how a node's certificate is checked, and how we prove who we are. */
export const Tls = z.strictObject({
  caFile: z.string().optional().describe("PEM file of the certificate authority; default: the system's."),
  certFile: z.string().optional().describe("PEM file of our client certificate."),
  keyFile: z.string().optional().describe("PEM file of its key."),
  serverName: z.string().optional().describe("Name to expect in the node's certificate instead of the address' host."),
});

export const Node = z.strictObject({
  name: z.string().min(1).describe("Label `vault_node`, and what people call it."),
  address: z.url({ protocol: /^https?$/u }).describe("The node's own API address, never a load balancer's."),
  raftNodeId: z.string().optional().describe("Its node id in raft's configuration; default: its name."),
  serverName: z.string().optional().describe("Overrides tls.serverName for this node."),
});

export const Cluster = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/u, "a lower-case name")
    .describe("Label `vault_cluster`, and what approvers type."),
  product: z
    .enum(["auto", "vault", "openbao"])
    .default("auto")
    .describe("No endpoint names the product; `auto` goes by the keys of sys/health."),
  clusterId: z
    .string()
    .optional()
    .describe("Pins the identity; default: what the cluster first said while unsealed is remembered."),
  namespace: z
    .string()
    .min(1)
    .optional()
    .describe("Namespace of the token; never sent to paths of the root namespace."),
  nodes: z.array(Node).default([]).describe("Nodes by name; at least one, unless `discovery` finds them."),
  discovery: Discovery.optional().describe("Where nodes are found besides those that are listed."),
  expectedNodes: z
    .int()
    .positive()
    .optional()
    .describe("How many nodes there should be; default: those that are listed, or the most that were ever found."),
  tls: Tls.prefault({}),
  token: SecretSource.optional().describe(
    "Token for reading (`sealwatch policy exporter`). Without it the token-free collectors and checks work.",
  ),
  auth: Auth.optional().describe("How sealwatch logs in for reading, instead of `token`."),
  operatorToken: SecretSource.optional().describe(
    "One token for all actions of runbooks (`sealwatch policy runbooks`); default: `token`. Better: `operator`.",
  ),
  operator: Operator.optional().describe("A token for each approved call, instead of one that may always act."),
  backups: z.array(Backup).default([]),
});

/** Config is the whole configuration file. Unknown keys are refused. */
export const Config = z.strictObject({
  listen: z.string().default("127.0.0.1:9410").describe("Address and port of metrics, pages and webhook."),
  externalUrl: z
    .url()
    .optional()
    .describe("How people reach this program; the base of links. Default: http://<listen>."),
  log: z.strictObject({ level: z.enum(["debug", "info", "warn", "error"]).default("info") }).prefault({}),
  store: Store.prefault({}),
  runbooks: z
    .strictObject({
      directory: z.string().optional().describe("Directory of runbooks; default: those that sealwatch ships."),
    })
    .prefault({}),
  clusters: z.array(Cluster).min(1),
  exporter: Exporter.prefault({}),
  alertmanager: z
    .strictObject({ token: SecretSource.describe("Bearer token that Alertmanager must send.") })
    .optional(),
  prometheus: Prometheus.optional().describe("Server that checks of runbooks may query."),
  probes: z.array(Probe).default([]).describe("URLs that runbooks may ask by their names."),
  exec: z.array(Exec).default([]).describe("Programs that runbooks may run by their names, without a shell."),
  investigations: Investigations.optional().describe(
    "Where lists of tokens to revoke are kept; without it there are none.",
  ),
  slack: Slack.optional(),
  access: Access.prefault({}),
});

export type Config = z.infer<typeof Config>;
export type ClusterConfig = z.infer<typeof Cluster>;
