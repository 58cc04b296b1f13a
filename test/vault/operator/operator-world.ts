import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { actions } from "../../../src/actions/registry.ts";
import { createCleanup } from "../../../src/app/cleanup.ts";
import type { Settings } from "../../../src/app/load-settings.ts";
import { systemChance, systemClock, systemTimers } from "../../../src/app/system.ts";
import { policyText } from "../../../src/cli/subcommands/policy.ts";
import { Config } from "../../../src/config/schema.ts";
import { readSecret } from "../../../src/config/secret-source.ts";
import { Runbook } from "../../../src/runbook/schema.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import { recordingLogger } from "../../app/recording-logger.ts";
import { requireBinary } from "../../support/binaries.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { startRecordingProxy, type ProxyWorld } from "./recording-proxy.ts";

/** A real cluster that was set up with what `sealwatch policy` prints, and sealwatch's side of it, behind proxies that keep every token. */
export type OperatorWorld = AsyncDisposable &
  ProxyWorld & {
    readonly bao: OpenBaoCluster;
    readonly cluster: VaultCluster;
    readonly settings: Settings;
    readonly log: ReturnType<typeof recordingLogger>["entries"];
    /** A call with the root token to whoever leads; throws unless it was answered well. */
    readonly asRoot: (method: string, path: string, body?: object) => Promise<unknown>;
    /** A call with this token and nothing else, straight to a node. */
    readonly withToken: (token: string, method: string, path: string, node?: OpenBaoNode) => Promise<number>;
    /** Runs printed commands in a shell whose `bao` is logged in as root. */
    readonly paste: (commands: string, extra?: Readonly<Record<string, string>>) => Promise<void>;
    /** Writes the settings of the login's role anew. */
    readonly loginRole: (settings?: object) => Promise<unknown>;
    /** Sets up everything as it is printed once more, with a new secret for the login. */
    readonly repair: () => Promise<void>;
    /** Sets up a namespace in the same way, and gives sealwatch's side of it. */
    readonly inNamespace: (
      name: string,
    ) => Promise<{ readonly cluster: VaultCluster; readonly close: () => Promise<void> }>;
    /** Every token that Vault gave through the proxies, oldest first. */
    readonly tokens: () => readonly string[];
  };

const ROLE_ID = "sealwatch-login";

/** What the printed comment says of the login's role. */
const LOGIN_ROLE = {
  role_id: ROLE_ID,
  token_policies: "sealwatch-login",
  token_ttl: "5m",
  token_max_ttl: "5m",
  token_no_default_policy: true,
  token_type: "service",
  token_num_uses: 0,
};

/** Starts three nodes and gives sealwatch what the printed commands give it. */
export async function startOperatorWorld(): Promise<OperatorWorld> {
  const cleanup = createCleanup();
  try {
    const directory = await temporaryDirectory();
    cleanup.add(async () => await directory[Symbol.asyncDispose]());
    const bao = await openBaoForTest({ nodes: 3, clusterName: "prod", tls: false });
    cleanup.add(async () => await bao[Symbol.asyncDispose]());
    const proxied: ProxyWorld = { exchanges: [], lie: () => undefined };
    const nodes = await Promise.all(
      bao.nodes.map(async ({ name, address }) => {
        const proxy = await startRecordingProxy(name, address, proxied);
        cleanup.add(async () => await proxy[Symbol.asyncDispose]());
        return { name, address: proxy.address };
      }),
    );
    const tools = rootTools(bao, directory.path);
    await tools.asRoot("POST", "sys/auth/approle", { type: "approle" });
    const secretId = { file: join(directory.path, "secret-id") };
    const auth = { method: "approle", roleId: ROLE_ID, secretId };
    const settings = settingsFor({ name: "prod", product: "openbao", nodes, operator: { auth } });
    const repair = async (): Promise<void> => {
      await tools.paste(`bao policy write sealwatch-login - <<'EOF'\n${policyText(settings, "operator")}EOF`);
      await tools.paste(policyText(settings, "actions"));
      await tools.loginRole();
      await writeFile(secretId.file, await newSecretId(tools));
    };
    await repair();
    const { logger, entries: log } = recordingLogger();
    const inNamespace: OperatorWorld["inNamespace"] = async (name) => {
      await tools.asRoot("POST", `${name}/sys/auth/approle`, { type: "approle" });
      const env = { BAO_NAMESPACE: name };
      await tools.paste(`bao policy write sealwatch-login - <<'EOF'\n${policyText(settings, "operator")}EOF`, env);
      await tools.paste(policyText(settings, "actions"), env);
      await tools.asRoot("POST", `${name}/auth/approle/role/login`, LOGIN_ROLE);
      const file = join(directory.path, `secret-id-${name}`);
      await writeFile(file, await newSecretId(tools, `${name}/`));
      const operator = { auth: { ...auth, secretId: { file } } };
      const cluster = openCluster(settingsFor({ name: "prod", nodes, namespace: name, operator }), logger);
      return { cluster, close: cluster.close };
    };
    const cluster = openCluster(settings, logger);
    cleanup.add(cluster.close);
    const tokens = (): readonly string[] =>
      proxied.exchanges.flatMap(
        ({ answer }) => /"client_token":"(?<token>[^"]+)"/u.exec(answer)?.groups?.["token"] ?? [],
      );
    return Object.assign(proxied, {
      bao,
      cluster,
      settings,
      log,
      ...tools,
      repair,
      inNamespace,
      tokens,
      [Symbol.asyncDispose]: cleanup.run,
    });
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** Settings whose one runbook uses every action that there is. */
function settingsFor(cluster: object): Settings {
  const text = { title: "Drill", meaning: "m", impact: "i", verify: "v", escalate: "e" };
  const steps = [...actions.keys()].map((name, index) => ({ id: `step_${index}`, do: name }));
  const runbook = Runbook.parse({ id: "drill", ...text, inputs: {}, steps });
  const config = Config.parse({ clusters: [cluster] });
  return { config, runbooks: new Map([["drill", { runbook }]]) } as unknown as Settings;
}

function openCluster({ config }: Settings, logger: ReturnType<typeof recordingLogger>["logger"]): VaultCluster {
  const [entry] = config.clusters;
  if (entry === undefined) throw new Error("no cluster is configured");
  return createVaultCluster(entry, {
    identityMemory: { load: () => undefined, save: () => {} },
    login: {
      clock: systemClock,
      timers: systemTimers,
      random: systemChance,
      readSecret: async (source) => await readSecret(source, { env: {} }),
      logger,
    },
  });
}

type RootTools = Pick<OperatorWorld, "asRoot" | "withToken" | "paste" | "loginRole">;

function rootTools(bao: OpenBaoCluster, directory: string): RootTools {
  const asRoot: RootTools["asRoot"] = async (method, path, body) =>
    await waitFor(`${path} answered`, async () => {
      const answer = await bao.call(await bao.activeNode(), method, path, body);
      if (answer.statusCode < 300) return answer.body ?? true;
      throw new Error(`${path} was answered ${answer.statusCode}: ${JSON.stringify(answer.body)}`);
    });
  return {
    asRoot,
    withToken: async (token, method, path, node) =>
      (await bao.call(node ?? (await bao.activeNode()), method, path, method === "GET" ? undefined : {}, token))
        .statusCode,
    loginRole: async (settings = {}) => await asRoot("POST", "auth/approle/role/login", { ...LOGIN_ROLE, ...settings }),
    paste: async (commands, extra = {}) => {
      // The suite's program may be Vault; the printed one is `bao` for a cluster that is configured as OpenBao.
      await symlink(requireBinary("openbao"), join(directory, "bao")).catch(() => undefined);
      const env = {
        PATH: `${directory}${delimiter}${process.env["PATH"] ?? ""}`,
        HOME: directory,
        BAO_ADDR: (await bao.activeNode()).address,
        BAO_TOKEN: bao.rootToken,
        ...extra,
      };
      await promisify(execFile)("sh", ["-euc", commands], { env });
    },
  };
}

async function newSecretId({ asRoot }: Pick<RootTools, "asRoot">, namespace = ""): Promise<string> {
  type Data = { readonly data: { readonly secret_id: string } };
  return ((await asRoot("POST", `${namespace}auth/approle/role/login/secret-id`, {})) as Data).data.secret_id;
}
