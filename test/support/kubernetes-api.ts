import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent, request } from "undici";
import { z } from "zod";
import { createCertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import { findFreePorts } from "../../src/sandbox/openbao/free-ports.ts";
import { startOwnedProcess, type OwnedProcess } from "../../src/sandbox/openbao/owned-process.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { requireBinary } from "./binaries.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A real kube-apiserver with RBAC on a real etcd, without anything that would run pods: they are what the administrator says. */
export type KubernetesApi = AsyncDisposable & {
  readonly address: string;
  /** Calls the API as its administrator; throws unless the answer is 2xx. */
  readonly admin: (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown) => Promise<unknown>;
  /** Reads a path as whoever a kubeconfig is for, and gives the status of the answer: 403 is "not permitted". */
  readonly statusOf: (kubeconfigFile: string, path: string) => Promise<number>;
  /** Path of a kubeconfig of the administrator. */
  readonly adminKubeconfig: string;
  /** Makes a token of a service account, and gives the path of a kubeconfig with it. */
  readonly kubeconfigOf: (namespace: string, serviceAccount: string) => Promise<string>;
  /** Ends the API server at once, as a crash does. What it stored stays. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port. */
  readonly start: () => Promise<void>;
};

type Answer = { readonly status: number; readonly text: string };

const Token = z.object({ status: z.object({ token: z.string() }) });
const Kubeconfig = z.object({ users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]) });

/** Starts etcd and kube-apiserver on free ports of 127.0.0.1; disposal ends both and removes what they stored. */
export async function startKubernetesApi(): Promise<KubernetesApi> {
  await using stack = new AsyncDisposableStack();
  const { path: directory } = stack.use(await temporaryDirectory());
  const [clientPort = 0, peerPort = 0, apiPort = 0] = await findFreePorts(3);
  const etcd = await startEtcd(directory, clientPort, peerPort);
  stack.defer(async () => await etcd.kill());
  const address = `https://127.0.0.1:${apiPort}`;
  const files = await writeFiles(directory);
  const agent = new Agent({ connect: { ca: await readFile(files.caFile, "utf8") } });
  stack.defer(async () => await agent.destroy());
  const kubeconfig = async (name: string, token: string): Promise<string> =>
    await writeKubeconfig(join(directory, `${name}.kubeconfig`), { server: address, caFile: files.caFile, token });

  const call = async (token: string, method: string, path: string, body?: unknown): Promise<Answer> => {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const answer = await request(`${address}${path}`, {
      dispatcher: agent,
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  const admin: KubernetesApi["admin"] = async (method, path, body) => {
    const answer = await call(files.adminToken, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.text.startsWith("{") ? JSON.parse(answer.text) : answer.text;
  };

  let running: OwnedProcess | undefined;
  const kill = async (): Promise<void> => await running?.kill();
  const start = async (): Promise<void> => {
    running = await startApiServer(directory, { ...files, apiPort, clientPort });
    await waitFor("the Kubernetes API ready", async () =>
      (await admin("GET", "/readyz")) === "ok" ? true : undefined,
    );
  };
  stack.defer(kill);
  await start();
  const owned = stack.move();
  return {
    address,
    admin,
    statusOf: async (file, path) => (await call(await tokenOf(file), "GET", path)).status,
    adminKubeconfig: await kubeconfig("admin", files.adminToken),
    kubeconfigOf: async (namespace, account) => {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
      const made = Token.parse(await admin("POST", path, { spec: { expirationSeconds: 3600 } }));
      return await kubeconfig(`${namespace}-${account}`, made.status.token);
    },
    kill,
    start,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

type Files = {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly accountKeyFile: string;
  readonly tokensFile: string;
  readonly adminToken: string;
};

async function writeFiles(directory: string): Promise<Files> {
  const authority = await createCertificateAuthority(join(directory, "tls"), "kubernetes");
  const certificate = await authority.issue("kubernetes");
  const [accountKeyFile, tokensFile] = [join(directory, "accounts.key"), join(directory, "tokens.csv")];
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await writeFile(accountKeyFile, privateKey.export({ type: "sec1", format: "pem" }));
  const adminToken = randomBytes(16).toString("hex");
  await writeFile(tokensFile, `${adminToken},admin,admin,"system:masters"\n`);
  return { caFile: authority.caFile, ...certificate, accountKeyFile, tokensFile, adminToken };
}

async function startEtcd(directory: string, clientPort: number, peerPort: number): Promise<OwnedProcess> {
  const [client, peer] = [`http://127.0.0.1:${clientPort}`, `http://127.0.0.1:${peerPort}`];
  return await startOwnedProcess({
    name: "etcd",
    command: requireBinary("etcd"),
    directory,
    logFile: join(directory, "etcd.log"),
    args: [
      `--data-dir=${join(directory, "etcd")}`,
      "--unsafe-no-fsync",
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ],
  });
}

type Server = Files & { readonly apiPort: number; readonly clientPort: number };

async function startApiServer(directory: string, { apiPort, clientPort, ...files }: Server): Promise<OwnedProcess> {
  return await startOwnedProcess({
    name: "kube-apiserver",
    command: requireBinary("kube-apiserver"),
    directory,
    logFile: join(directory, "kube-apiserver.log"),
    args: [
      `--etcd-servers=http://127.0.0.1:${clientPort}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${apiPort}`,
      `--tls-cert-file=${files.certFile}`,
      `--tls-private-key-file=${files.keyFile}`,
      "--authorization-mode=RBAC",
      `--token-auth-file=${files.tokensFile}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${files.accountKeyFile}`,
      `--service-account-signing-key-file=${files.accountKeyFile}`,
      "--service-cluster-ip-range=10.0.0.0/24",
      "--endpoint-reconciler-type=none",
      // It wants a service account for every pod, and here nobody makes the namespaces' own.
      "--disable-admission-plugins=ServiceAccount",
    ],
  });
}

type Kubeuser = { readonly server: string; readonly caFile: string; readonly token: string };

async function writeKubeconfig(path: string, { server, caFile, token }: Kubeuser): Promise<string> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function tokenOf(kubeconfigFile: string): Promise<string> {
  return Kubeconfig.parse(JSON.parse(await readFile(kubeconfigFile, "utf8"))).users[0].user.token;
}
