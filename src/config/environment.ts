import type { Finding } from "../lib/finding.ts";
import type { ConfigProblem } from "./problem.ts";
import { Config } from "./schema.ts";
import type { ClusterConfig } from "./schema.ts";

/** Environment is what `process.env` holds. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The names that the clients of both products know, without `BAO_` or `VAULT_`; `BAO_` wins, as it does for `bao`. */
const NAMES = [
  "ADDR",
  "TOKEN",
  "CACERT",
  "CAPATH",
  "CLIENT_CERT",
  "CLIENT_KEY",
  "TLS_SERVER_NAME",
  "NAMESPACE",
  "SKIP_VERIFY",
] as const;

type Name = (typeof NAMES)[number];
type Found = { readonly variable: string; readonly value: string };
type Variables = Readonly<Partial<Record<Name, Found>>>;

/** What the environment says of a cluster, in the words of the configuration. */
type FromEnvironment = Pick<ClusterConfig, "namespace" | "nodes" | "token" | "tls">;

const CLUSTER = "default";

/**
 * Makes a configuration of one cluster, called `default`, from the environment of Vault's and OpenBao's own clients; undefined when that names
 * no server. Says what it cannot be used for.
 */
export function configFromEnvironment(env: Environment): { config: Config; findings: readonly Finding[] } | undefined {
  const variables = variablesOf(env);
  if (variables.ADDR === undefined) return undefined;
  const parsed = Config.safeParse({ clusters: [{ name: CLUSTER, ...withoutUndefined(clusterOf(variables)) }] });
  const wrong = parsed.success
    ? refused(variables)
    : [`${variables.ADDR.variable} must be an address like https://vault-0.example:8200`];
  const config = parsed.data ?? Config.parse({ clusters: [{ name: CLUSTER }] });
  return { config, findings: wrong.map(finding) };
}

/**
 * Fills in from the environment what the file leaves out of its only cluster; a token only where neither `token` nor `auth` is given. With
 * several clusters nobody could say which one is meant, so nothing is taken.
 */
export function withEnvironment(
  config: Config,
  env: Environment,
): { readonly config: Config; readonly problems: readonly ConfigProblem[] } {
  const variables = variablesOf(env);
  const [cluster, ...others] = config.clusters;
  if (cluster === undefined || Object.keys(variables).length === 0) return { config, problems: [] };
  if (others.length > 0)
    return { config, problems: [warning(`${list(variables)} ignored: there are several clusters`)] };
  const given = clusterOf(variables);
  const misdirected = cluster.token === undefined && cluster.auth === undefined ? misdirection(variables, cluster) : [];
  const filled: ClusterConfig = {
    ...cluster,
    nodes: cluster.nodes.length === 0 && cluster.discovery === undefined ? given.nodes : cluster.nodes,
    namespace: cluster.namespace ?? given.namespace,
    token: cluster.token ?? (cluster.auth === undefined && misdirected.length === 0 ? given.token : undefined),
    tls: { ...given.tls, ...withoutUndefined(cluster.tls) },
  };
  const warnings = [...refused(variables), ...misdirected];
  return { config: { ...config, clusters: [filled] }, problems: warnings.map(warning) };
}

/** A shell's token is for the shell's server, and goes to no other: somebody may have meant neither for this file. */
function misdirection({ ADDR, TOKEN }: Variables, { nodes, discovery }: ClusterConfig): readonly string[] {
  if (ADDR === undefined || TOKEN === undefined || !URL.canParse(ADDR.value)) return [];
  // Without nodes of its own the cluster is the one at that address.
  if (nodes.length === 0 && discovery === undefined) return [];
  const { origin } = new URL(ADDR.value);
  if (nodes.some(({ address }) => new URL(address).origin === origin)) return [];
  return [
    `${TOKEN.variable} is not used: none of the nodes of this file is at ${ADDR.variable} (${origin}); ` +
      "name the token that is meant with clusters[].token",
  ];
}

function variablesOf(env: Environment): Variables {
  const found = NAMES.flatMap((name): [Name, Found][] => {
    const variable = [`BAO_${name}`, `VAULT_${name}`].find((candidate) => (env[candidate] ?? "") !== "");
    const value = variable === undefined ? undefined : env[variable];
    return variable === undefined || value === undefined ? [] : [[name, { variable, value }]];
  });
  return Object.fromEntries(found);
}

function clusterOf({
  ADDR,
  TOKEN,
  CACERT,
  CLIENT_CERT,
  CLIENT_KEY,
  TLS_SERVER_NAME,
  NAMESPACE,
}: Variables): FromEnvironment {
  const name = ADDR !== undefined && URL.canParse(ADDR.value) ? new URL(ADDR.value).hostname : "";
  return {
    nodes: ADDR === undefined ? [] : [{ name, address: ADDR.value }],
    namespace: NAMESPACE?.value,
    // The variable and not its value: a token is read where it is sent.
    token: TOKEN === undefined ? undefined : { env: TOKEN.variable },
    tls: {
      caFile: CACERT?.value,
      certFile: CLIENT_CERT?.value,
      keyFile: CLIENT_KEY?.value,
      serverName: TLS_SERVER_NAME?.value,
    },
  };
}

/** Says what of the environment is not done, and why. */
function refused({ SKIP_VERIFY, CAPATH, CACERT }: Variables): readonly string[] {
  return [
    ...(SKIP_VERIFY === undefined || /^(?:0|f|false)$/iu.test(SKIP_VERIFY.value)
      ? []
      : [
          `${SKIP_VERIFY.variable} is refused: whoever answers in the node's place would get the token; ` +
            "unset it, and name the authority in VAULT_CACERT or the certificate's name in VAULT_TLS_SERVER_NAME",
        ]),
    ...(CAPATH === undefined || CACERT !== undefined
      ? []
      : [`${CAPATH.variable} is not read: join its files into one and name that in VAULT_CACERT`]),
  ];
}

function list(variables: Variables): string {
  const names = Object.values(variables).map(({ variable }) => variable);
  return `${names.join(", ")} ${names.length === 1 ? "is" : "are"}`;
}

function warning(message: string): ConfigProblem {
  return { path: ["clusters"], on: "key", rule: "environment", severity: "warning", message };
}

function finding(message: string): Finding {
  return { file: "environment", line: 1, column: 1, rule: "environment", message };
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}
