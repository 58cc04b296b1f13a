/*
 * The import rings of ARCHITECTURE.md. A folder may import values only from its own neighbours or from rings inside it.
 * test/repository/import-rules.test.ts plants violations and proves that each rule bites.
 */
const core = "^src/(lib|expression|runbook|access|engine)/";
const edge = "vault|kubernetes|store|slack|web|alertmanager|exporter|catalog|config|http|sandbox|docgen";
const values = { dependencyTypesNot: ["type-only"] };
const rule = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });
const only = (name, packagePath, home) =>
  rule(
    name,
    { path: "^src/", pathNot: home },
    { path: packagePath, ...values },
    `Only ${home} talks to this package; ask it for a port.`,
  );

export default {
  forbidden: [
    rule("no-circular", {}, { circular: true }, "Two files that need each other are one file, or three."),
    rule(
      "core-imports-core",
      { path: core },
      { path: "^src/", pathNot: core },
      "The core decides; it does not do. Put the doing behind a port in runner/ports.ts.",
    ),
    rule(
      "core-has-no-io",
      { path: core },
      { dependencyTypes: ["core"] },
      "The core takes time, ids and text as arguments.",
    ),
    rule(
      "use-cases-use-ports",
      { path: "^src/(actions|runner)/" },
      { path: `^src/(${edge})/`, ...values },
      "Reach the world through the context or a port. Import types only.",
    ),
    rule(
      "actions-stand-alone",
      { path: "^src/actions/[^/]+/([^/]+)[.]ts$" },
      { path: "^src/actions/[^/]+/", pathNot: "/$1[.]ts$|/shared/" },
      "Runbooks compose actions; actions do not compose each other.",
    ),
    rule(
      "collectors-stand-alone",
      { path: "^src/exporter/collectors/([^/]+)[.]ts$" },
      { path: "^src/exporter/collectors/", pathNot: "/$1[.]ts$" },
      "A collector can be deleted without touching another.",
    ),
    rule(
      "edges-do-not-meet",
      { path: `^src/(${edge})/`, pathNot: "^src/sandbox/" },
      { path: `^src/(${edge}|runner)/`, pathNot: "^src/$1/", ...values },
      "Edges meet in app/wire.ts; until then they know each other's types.",
    ),
    rule(
      "sandbox-stays-in-the-sandbox",
      { path: "^src/", pathNot: "^src/(sandbox|app|cli)/" },
      { path: "^src/sandbox/" },
      "Production code never reaches for a simulation.",
    ),
    rule(
      "app-is-outermost",
      { path: "^src/", pathNot: "^src/(app|cli)/|^src/main[.]ts$" },
      { path: "^src/(app|cli)/" },
      "app and cli know everyone; nobody knows them.",
    ),
    rule("no-test-code", { path: "^src/" }, { path: "^test/" }, "The program does not need its tests."),
    only("sqlite-in-store", "^(node:)?sqlite$", "^src/store/sqlite/"),
    only("bolt-in-slack", "node_modules/@slack/", "^src/slack/"),
    only("node-vault-in-vault", "node_modules/node-vault/", "^src/vault/"),
    only("prom-client-in-exporter", "node_modules/prom-client/", "^src/exporter/"),
    only("kubernetes-in-kubernetes", "node_modules/@kubernetes/", "^src/kubernetes/"),
    only("express-in-http-edges", "node_modules/express/", "^src/(http|web|alertmanager|exporter|sandbox)/"),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
