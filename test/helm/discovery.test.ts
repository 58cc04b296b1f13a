import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { parseAllDocuments, stringify } from "yaml";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { helm } from "./helm.ts";

type Manifest = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [part: string]: unknown;
};

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(async () => await directory[Symbol.asyncDispose]());

const POD_DISCOVERY = { type: "kubernetes", namespace: "vault", service: "vault-internal" };

/** Renders the chart for clusters with these discoveries. */
async function render(discoveries: readonly object[], values: object = {}) {
  const clusters = discoveries.map((discovery, index) => ({ name: `c${index}`, discovery }));
  const file = join(directory.path, "values.yaml");
  await writeFile(file, stringify({ config: { clusters }, ...values }));
  const where = ["--namespace", "monitoring", "--values", file];
  const { exitCode, stdout, stderr } = await helm(["template", "watch", "helm/sealwatch", ...where]);
  if (exitCode !== 0) throw new Error(stderr);
  const all = parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
  const of = (kind: string): readonly Manifest[] => all.filter((manifest) => manifest.kind === kind);
  const [deployment] = of("Deployment");
  return { of, pod: (deployment as unknown as { spec: { template: { spec: object } } }).spec.template.spec };
}

describeWith(["helm"], "the chart, when nodes are looked for among pods", () => {
  it("lets the service account list and watch the pods of that namespace, and nothing else anywhere", async () => {
    const { of, pod } = await render([POD_DISCOVERY]);

    expect(of("Role")).toMatchObject([
      {
        metadata: { name: "watch-sealwatch-discovery", namespace: "vault" },
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }],
      },
    ]);
    expect(of("RoleBinding")).toMatchObject([
      {
        metadata: { namespace: "vault" },
        roleRef: { kind: "Role", name: "watch-sealwatch-discovery" },
        subjects: [{ kind: "ServiceAccount", name: "watch-sealwatch", namespace: "monitoring" }],
      },
    ]);
    expect([...of("ClusterRole"), ...of("ClusterRoleBinding")]).toEqual([]);
    expect(pod).toMatchObject({ automountServiceAccountToken: true, serviceAccountName: "watch-sealwatch" });
  });

  it("makes one role a namespace, however many clusters are in it", async () => {
    const { of } = await render([POD_DISCOVERY, POD_DISCOVERY, { ...POD_DISCOVERY, namespace: "openbao" }]);

    expect(of("Role").map(({ metadata }) => metadata.namespace)).toEqual(["vault", "openbao"]);
  });

  it.each([
    { name: "nodes are looked for elsewhere", discovery: { type: "dns", name: "vault-internal.vault.svc" } },
    { name: "a kubeconfig says as whom", discovery: { ...POD_DISCOVERY, kubeconfigFile: "/etc/kubeconfig" } },
  ])("grants nothing and mounts no token when $name", async ({ discovery }) => {
    const { of, pod } = await render([discovery]);

    expect([...of("Role"), ...of("RoleBinding")]).toEqual([]);
    expect(pod).toMatchObject({ automountServiceAccountToken: false });
  });

  it("leaves the role to others when it is told to", async () => {
    const { of, pod } = await render([POD_DISCOVERY], { rbac: { create: false } });

    expect([...of("Role"), ...of("RoleBinding")]).toEqual([]);
    expect(pod).toMatchObject({ automountServiceAccountToken: true });
  });

  it("says which namespace is missing", async () => {
    await expect(render([{ type: "kubernetes" }])).rejects.toThrow("set config.clusters[].discovery.namespace");
  });
});
