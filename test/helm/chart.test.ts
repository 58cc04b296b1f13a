import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { parse, parseAllDocuments } from "yaml";
import { Config } from "../../src/config/schema.ts";
import { describeWith } from "../support/real.ts";
import { helm } from "./helm.ts";

const CHART = "helm/sealwatch";
const FULL = "test/helm/full-values.yaml";

type Named = { readonly name: string };
type Probe = { readonly httpGet: { readonly path: string; readonly port: string } };
type Container = {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly (Named & { readonly value?: string })[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: unknown;
  readonly resources: { readonly limits: unknown; readonly requests: unknown };
  readonly volumeMounts: readonly (Named & { readonly mountPath: string; readonly readOnly?: boolean })[];
};
type PodSpec = {
  readonly containers: readonly [Container];
  readonly securityContext: unknown;
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly volumes: readonly (Named & Readonly<Record<string, unknown>>)[];
};
/** The parts of all kinds that the sentences below speak of. */
type Manifest = {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: unknown;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly automountServiceAccountToken?: boolean;
  readonly spec: {
    readonly replicas?: number;
    readonly strategy?: unknown;
    readonly groups?: readonly { readonly name: string }[];
    readonly selector?: { readonly matchLabels?: unknown };
    readonly template: {
      readonly metadata: { readonly labels: unknown; readonly annotations: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
  } & Readonly<Record<string, unknown>>;
};

class Release {
  readonly manifests: readonly Manifest[];

  constructor(text: string) {
    this.manifests = parseAllDocuments(text, { strict: true }).flatMap((document) => {
      if (document.errors.length > 0) throw new Error(document.errors.join("; "));
      return document.contents === null ? [] : [document.toJS() as Manifest];
    });
  }

  all(kind: string): readonly Manifest[] {
    return this.manifests.filter((manifest) => manifest.kind === kind);
  }

  one(kind: string, suffix = ""): Manifest {
    const [found, ...others] = this.all(kind).filter(({ metadata }) => metadata.name.endsWith(suffix));
    if (found === undefined || others.length > 0) throw new Error(`the chart made ${others.length + 1} of ${kind}`);
    return found;
  }

  get pod(): PodSpec {
    return this.one("Deployment").spec.template.spec;
  }

  get config(): unknown {
    return parse(this.manifests.find(({ data }) => data?.["config.yaml"] !== undefined)?.data?.["config.yaml"] ?? "");
  }
}

async function render(...args: string[]): Promise<Release> {
  const { exitCode, stdout, stderr } = await helm(["template", "release", CHART, "--namespace", "watch", ...args]);
  if (exitCode !== 0) throw new Error(stderr);
  return new Release(stdout);
}

async function texts(folder: string, ending: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

describeWith(["helm"], "the chart under the real helm", () => {
  describe("the chart, as helm sees it", () => {
    it.each([
      { name: "its own values", args: [] },
      { name: "every value set", args: ["--values", FULL] },
    ])("passes helm's strict lint with $name", async ({ args }) => {
      const { exitCode, stdout, stderr } = await helm(["lint", "--strict", CHART, ...args]);

      expect(`${stdout}${stderr}`).toContain("0 chart(s) failed");
      expect(exitCode).toBe(0);
    });

    it("has the version of the program", async () => {
      const chart = parse(await readFile(join(CHART, "Chart.yaml"), "utf8")) as { version: string; appVersion: string };
      const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };

      expect([chart.version, chart.appVersion]).toEqual([version, version]);
    });

    it("sets every value of values.yaml in the full values of these tests", async () => {
      const known = Object.keys(parse(await readFile(join(CHART, "values.yaml"), "utf8")) as object);
      const tried = Object.keys(parse(await readFile(FULL, "utf8")) as object);

      // What the defaults show well enough.
      expect(known.filter((key) => !tried.includes(key))).toEqual(["resources"]);
    });
  });

  describe("values that are wrong", () => {
    it.each([
      { name: "an unknown name", set: "confg.clusters=1", says: "'confg' not allowed" },
      { name: "an unknown name deeper down", set: "persistence.enable=true", says: "'enable' not allowed" },
      { name: "an unknown key of the configuration", set: "config.clustres=1", says: "'clustres' not allowed" },
      { name: "what the chart sets itself", set: "config.listen=0.0.0.0:1", says: "'listen' not allowed" },
      { name: "a secret itself", set: "config.slack.botToken=xoxb", says: "/config/slack/botToken" },
      { name: "a cluster's token itself", set: "config.clusters[0].token=s", says: "/config/clusters/0/token" },
      { name: "a duration without a unit", set: "serviceMonitor.interval=30", says: "/serviceMonitor/interval" },
      { name: "a runbook that is no YAML file", set: "runbooks.extra.notes=x", says: "invalid propertyName 'notes'" },
    ])("are refused: $name", async ({ set, says }) => {
      const { exitCode, stderr } = await helm(["template", "release", CHART, "--set", set]);

      expect(stderr).toContain(says);
      expect(exitCode).not.toBe(0);
    });

    it("are refused: no cluster at all", async () => {
      const { exitCode, stderr } = await helm(["template", "release", CHART, "--set-json", "config.clusters=[]"]);

      expect(stderr).toContain("/config/clusters");
      expect(exitCode).not.toBe(0);
    });

    it("are refused: several pods on one file", async () => {
      const { stderr } = await helm(["template", "release", CHART, "--set", "replicas=2"]);

      expect(stderr).toContain("several replicas need a database that they share");
    });

    it("are refused: no service account to run as", async () => {
      const { stderr } = await helm(["template", "release", CHART, "--set", "serviceAccount.create=false"]);

      expect(stderr).toContain("set serviceAccount.name");
    });
  });

  describe.each([
    { name: "its own values", args: [] },
    { name: "every value set", args: ["--values", FULL] },
  ])("the chart with $name", ({ args }) => {
    let release: Release;
    let container: Container;

    beforeAll(async () => {
      release = await render(...args);
      [container] = release.pod.containers;
    });

    it("runs one pod at a time, because the store is one file", () => {
      expect(release.one("Deployment").spec).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
    });

    it("runs as nobody special, on a root file system that nobody can write", () => {
      expect(release.pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    });

    it("has no access to the Kubernetes API", () => {
      expect(release.pod.automountServiceAccountToken).toBe(false);
      expect(release.one("ServiceAccount").automountServiceAccountToken).toBe(false);
      expect(release.pod.serviceAccountName).toBe(release.one("ServiceAccount").metadata.name);
      expect(release.manifests.filter(({ kind }) => kind.includes("Role"))).toEqual([]);
    });

    it("creates no Secret and holds nothing that looks like one", () => {
      expect(release.all("Secret")).toEqual([]);
      expect(JSON.stringify(release.manifests)).not.toMatch(/xox[abp]-|xapp-|hvs\.|"s\.[A-Za-z0-9]{24}/u);
    });

    it("is asked for its health where the program answers", () => {
      expect(container.ports).toEqual([{ name: "http", containerPort: 9410, protocol: "TCP" }]);
      expect(container.startupProbe.httpGet).toEqual({ path: "/-/healthy", port: "http" });
      expect(container.livenessProbe.httpGet).toEqual({ path: "/-/healthy", port: "http" });
      expect(container.readinessProbe.httpGet).toEqual({ path: "/-/ready", port: "http" });
    });

    it("says what it needs of memory", () => {
      expect(container.resources).toEqual({
        requests: { cpu: "50m", memory: "256Mi" },
        limits: { memory: "512Mi" },
      });
    });

    it("starts the program with the configuration that is mounted", () => {
      const mounted = container.volumeMounts.find(({ mountPath }) => mountPath === "/etc/sealwatch/config");
      const volume = release.pod.volumes.find(({ name }) => name === mounted?.name);

      expect(container.args).toEqual(["serve", "--config", "/etc/sealwatch/config/config.yaml"]);
      // A terminal in the pod finds the same file.
      expect(container.env).toContainEqual({ name: "SEALWATCH_CONFIG", value: container.args[2] });
      expect(volume?.["configMap"]).toEqual({ name: release.one("Deployment").metadata.name });
      expect(release.config).toBeDefined();
    });

    it("gives the program a configuration that it accepts, listening where the Service leads", () => {
      const config = Config.parse(release.config);

      expect(config).toMatchObject({
        listen: "0.0.0.0:9410",
        store: { path: "/var/lib/sealwatch/sealwatch.db" },
        runbooks: { directory: "/etc/sealwatch/runbooks" },
      });
    });

    it("mounts a volume for everything it mounts, and writes only to the store and to /tmp", () => {
      const volumes = release.pod.volumes.map(({ name }) => name);
      const writable = container.volumeMounts
        .filter(({ readOnly }) => readOnly !== true)
        .map(({ mountPath }) => mountPath);

      expect(new Set(container.volumeMounts.map(({ name }) => name))).toEqual(new Set(volumes));
      expect(writable).toEqual(["/var/lib/sealwatch", "/tmp"]);
    });

    it("selects the pods that it makes", () => {
      const { selector, template } = release.one("Deployment").spec;

      expect(template.metadata.labels).toMatchObject(selector?.matchLabels ?? { none: true });
      expect(template.metadata.labels).toMatchObject(release.one("Service").spec.selector ?? { none: true });
    });
  });

  describe("the chart's own values", () => {
    it("make no object of a kind that a plain cluster does not know", async () => {
      const { manifests } = await render();

      expect(manifests.map(({ kind }) => kind).sort()).toEqual([
        "ConfigMap",
        "ConfigMap",
        "Deployment",
        "PersistentVolumeClaim",
        "Service",
        "ServiceAccount",
      ]);
    });

    it("bring the runbooks of the program, word for word", async () => {
      const release = await render();

      expect(release.one("ConfigMap", "-runbooks").data).toEqual(await shippedRunbooks());
    });

    it("keep the store on a volume that outlives an uninstall", async () => {
      const release = await render();
      const claim = release.one("PersistentVolumeClaim");

      expect(release.pod.volumes).toContainEqual({
        name: "store",
        persistentVolumeClaim: { claimName: claim.metadata.name },
      });
      expect(claim.metadata.annotations).toMatchObject({ "helm.sh/resource-policy": "keep" });
    });
  });

  describe("a database in the configuration", () => {
    const json = `config.store.postgres=${JSON.stringify({ host: "db.example.org", password: { file: "/run/db" } })}`;
    let shared: Release;

    beforeAll(async () => {
      shared = await render("--set-json", json, "--set", "replicas=2");
    });

    it("lets several pods run, of which one more comes before one goes", () => {
      expect(shared.one("Deployment").spec).toMatchObject({
        replicas: 2,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      });
      expect(shared.one("PodDisruptionBudget").spec).toMatchObject({ maxUnavailable: 1 });
    });

    it("takes the place of the file and its claim", () => {
      const [container] = shared.pod.containers;

      expect(Config.parse(shared.config).store).toMatchObject({ postgres: { host: "db.example.org" } });
      expect(Config.parse(shared.config).store.path).toBeUndefined();
      expect(shared.all("PersistentVolumeClaim")).toEqual([]);
      expect(container.volumeMounts.map(({ name }) => name)).not.toContain("store");
      expect(shared.pod.volumes.map(({ name }) => name)).not.toContain("store");
    });
  });

  describe("a value", () => {
    let full: Release;

    beforeAll(async () => {
      full = await render("--values", FULL);
    });

    it("prometheusRule.enabled brings every rule of alerts/, unchanged", async () => {
      const files = Object.entries(await texts("alerts", ".rules.yaml")).sort(([left], [right]) =>
        left < right ? -1 : 1,
      );
      const groups = files.flatMap(([, text]) => (parse(text) as { groups: unknown[] }).groups);

      expect(groups.length).toBeGreaterThan(0);
      expect(full.one("PrometheusRule").spec.groups).toEqual(groups);
    });

    it("serviceMonitor.enabled makes Prometheus scrape the Service", () => {
      expect(full.one("ServiceMonitor").spec).toEqual({
        selector: { matchLabels: full.one("Service").spec.selector },
        endpoints: [{ port: "http", path: "/metrics", interval: "1m", scrapeTimeout: "20s" }],
      });
    });

    it("secrets mounts existing Secrets as files that only the group reads", () => {
      const [container] = full.pod.containers;

      expect(container.volumeMounts).toContainEqual({
        name: "secret-sealwatch-slack",
        mountPath: "/etc/sealwatch/secrets/sealwatch.slack",
        readOnly: true,
      });
      expect(full.pod.volumes).toContainEqual({
        name: "secret-sealwatch-slack",
        secret: { secretName: "sealwatch.slack", defaultMode: 0o440 },
      });
    });

    it("runbooks.extra adds runbooks and replaces built-in ones", async () => {
      const builtin = await shippedRunbooks();

      expect(full.one("ConfigMap", "-runbooks").data).toEqual({
        ...builtin,
        "stale-backup.yaml": "id: stale-backup\ntitle: Ours replaces the one that sealwatch brings\n",
        "own.yaml": 'id: own\ntitle: "It has {{ braces }} and ${expressions}"\n',
      });
    });

    it("runbooks.builtin: false leaves only your own", async () => {
      const release = await render("--values", FULL, "--set", "runbooks.builtin=false");

      expect(Object.keys(release.one("ConfigMap", "-runbooks").data ?? {})).toEqual(["own.yaml", "stale-backup.yaml"]);
    });

    it("runbooks and config restart the pod when they change", async () => {
      const annotations = (release: Release) => release.one("Deployment").spec.template.metadata.annotations;
      const [before, after] = [annotations(await render()), annotations(full)];

      expect(after["checksum/config"]).not.toBe(before["checksum/config"]);
      expect(after["checksum/runbooks"]).not.toBe(before["checksum/runbooks"]);
    });

    it("persistence.enabled: false keeps the store in the pod", async () => {
      const release = await render("--set", "persistence.enabled=false");

      expect(release.all("PersistentVolumeClaim")).toEqual([]);
      expect(release.pod.volumes).toContainEqual({ name: "store", emptyDir: {} });
    });

    it("persistence.existingClaim is used and no other made", async () => {
      const release = await render("--set", "persistence.existingClaim=mine");

      expect(release.all("PersistentVolumeClaim")).toEqual([]);
      expect(release.pod.volumes).toContainEqual({ name: "store", persistentVolumeClaim: { claimName: "mine" } });
    });

    it("networkPolicy.enabled lets in whom it names, to one port", () => {
      expect(full.one("NetworkPolicy").spec).toMatchObject({
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            ports: [{ port: "http", protocol: "TCP" }],
            from: [{ namespaceSelector: { matchLabels: { name: "monitoring" } } }],
          },
        ],
      });
    });

    it("image.digest wins over the tag", async () => {
      const digest = `sha256:${"0".repeat(64)}`;
      const release = await render("--values", FULL, "--set", `image.digest=${digest}`);

      expect(release.pod.containers[0].image).toBe(`registry.example.org/sealwatch@${digest}`);
    });
  });

  describe("the chart's notes", () => {
    it("warn when the record of runs is lost with the pod", async () => {
      expect(await notes("--set", "persistence.enabled=false")).toContain("WARNING: persistence.enabled is false");
      expect(await notes()).not.toContain("WARNING");
    });

    it.each([
      { name: "with Slack", args: ["--values", FULL] },
      { name: "without Slack", args: [] },
    ])("say $name that terminals in the pod are one person, so that no two can agree there", async ({ args }) => {
      const text = await notes(...args);

      expect(text).toMatch(/kubectl --namespace default exec -it deployment\/\S+ -- sealwatch status/u);
      expect(text).toContain("Everyone who does this is the same person to sealwatch");
      expect(text).toContain("cannot be opened from terminals in the pod");
      expect(text).not.toContain("approved with the command line");
    });

    it("say which clusters are watched, and what is not configured", async () => {
      const text = await notes();

      expect(text).toContain("sealwatch watches: vault (3 nodes)");
      expect(text).toContain("Slack is not configured");
    });
  });
});

describe("the chart's schema", () => {
  it("knows exactly the keys of the configuration, without those that the chart sets", async () => {
    const schema = JSON.parse(await readFile(join(CHART, "values.schema.json"), "utf8")) as {
      properties: { config: { properties: object } };
    };
    const known = Object.keys(Config.shape).filter((key) => !["listen", "runbooks"].includes(key));

    expect(Object.keys(schema.properties.config.properties).sort()).toEqual(known.sort());
  });

  it("knows exactly the values of values.yaml", async () => {
    const schema = JSON.parse(await readFile(join(CHART, "values.schema.json"), "utf8")) as { properties: object };
    const values = parse(await readFile(join(CHART, "values.yaml"), "utf8")) as object;

    // Helm itself adds `global` to the values of every chart.
    expect(Object.keys(schema.properties).sort()).toEqual([...Object.keys(values), "global"].sort());
  });
});

/** The runbooks of the program by file, without their tests. */
async function shippedRunbooks(): Promise<Readonly<Record<string, string>>> {
  const files = Object.entries(await texts("runbooks", ".yaml"));
  return Object.fromEntries(files.filter(([name]) => !name.endsWith(".test.yaml")));
}

/** Renders NOTES.txt, which `helm template` leaves out: the same text as a template of another name. */
async function notes(...args: string[]): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "sealwatch-notes-"));
  try {
    const text = await readFile(join(CHART, "templates/NOTES.txt"), "utf8");
    await cp(CHART, copy, { recursive: true });
    await writeFile(
      join(copy, "templates/notes.yaml"),
      `notes: |\n  {{- include "notes" . | nindent 2 }}\n{{ define "notes" }}${text}{{ end }}`,
    );
    const { stdout, stderr, exitCode } = await helm([
      "template",
      "release",
      copy,
      "-s",
      "templates/notes.yaml",
      ...args,
    ]);
    if (exitCode !== 0) throw new Error(stderr);
    return (parse(stdout) as { notes: string }).notes;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
