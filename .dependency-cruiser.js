/*
 * The import rings of ARCHITECTURE.md. A folder may import values only from the folders and packages that its line names;
 * types may come from further out, except into the core. test/repository/import-rules.test.ts plants a violation of every
 * rule and proves that it bites, and compares this table with `ls src`.
 */

/** The core decides and never does: no `node:*`, not even the types of the rings outside it. */
const core = ["lib", "expression", "document", "runbook", "access", "engine"];

/** For each folder of src: what it may import values from, which npm packages, and whether it may use `node:*`. */
export const rings = {
  lib: { imports: [], packages: [], io: false },
  expression: { imports: ["lib"], packages: ["@marcbachmann/cel-js", "zod"], io: false },
  document: { imports: ["lib"], packages: ["yaml", "zod"], io: false },
  runbook: { imports: ["lib", "expression", "document"], packages: ["zod"], io: false },
  access: { imports: ["lib"], packages: ["zod"], io: false },
  engine: { imports: ["lib", "expression", "runbook", "access"], packages: ["@noble/hashes"], io: false },

  actions: { imports: ["lib", "runbook", "vault/endpoints"], packages: ["zod"], io: false },
  runner: { imports: [...core, "actions"], packages: [], io: false },

  config: { imports: ["lib", "document", "runbook", "access"], packages: ["zod"], io: true },
  catalog: { imports: ["lib", "document", "runbook"], packages: [], io: true },
  wire: { imports: [], packages: ["undici"], io: true },
  vault: { imports: ["lib", "wire"], packages: ["node-vault", "undici", "zod"], io: true },
  "run-export": { imports: ["lib", "engine"], packages: ["zod"], io: true },
  exporter: { imports: ["lib", "vault/endpoints"], packages: ["express", "prom-client"], io: true },
  backup: { imports: ["lib"], packages: ["@aws-sdk/client-s3"], io: true },
  discovery: { imports: ["lib"], packages: ["@kubernetes/client-node"], io: true },
  investigation: { imports: ["lib", "vault/endpoints"], packages: ["zod"], io: true },
  exec: { imports: ["lib"], packages: [], io: true },
  prometheus: { imports: ["lib", "wire"], packages: ["undici", "zod"], io: true },
  identity: { imports: ["lib", "access"], packages: ["jose", "zod"], io: true },
  store: { imports: ["lib", "access", "engine"], packages: ["pg", "zod"], io: true },
  slack: { imports: ["lib", "access", "engine", "runbook"], packages: ["@slack/bolt", "zod"], io: false },
  web: { imports: ["lib", "access", "engine", "runbook"], packages: ["express"], io: true },
  alertmanager: { imports: ["lib"], packages: ["express", "zod"], io: true },
  http: { imports: ["lib"], packages: ["bcryptjs", "express"], io: true },
  chart: { imports: ["lib"], packages: ["@resvg/resvg-js", "echarts"], io: true },
  docgen: { imports: ["lib"], packages: ["zod"], io: false },
  sandbox: { imports: ["lib"], packages: ["express", "ws", "zod"], io: true },

  app: { imports: "all", packages: "all", io: true },
  cli: { imports: "all", packages: "all", io: true },
};

/** Packages that speak to a world outside, or that only one folder understands. */
const drivers = [
  "@aws-sdk/client-s3",
  "@kubernetes/client-node",
  "@marcbachmann/cel-js",
  "@resvg/resvg-js",
  "@slack/bolt",
  "echarts",
  "express",
  "jose",
  "node-vault",
  "pg",
  "prom-client",
  "undici",
];

const names = Object.keys(rings);
const inner = names.filter((name) => rings[name].imports !== "all");
const values = { dependencyTypesNot: ["type-only"] };
const npm = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown"];
const folders = (list) => `^src/(${list.join("|")})/`;
const rule = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });
const escaped = (text) => text.replaceAll(".", "[.]");
const place = (name) => (name.endsWith(".ts") ? `${escaped(name)}$` : `${name}/`);
const listed = (list) => (list.length === 0 ? "nothing" : list.join(", "));

const ring = (name) =>
  rule(
    `ring-${name}`,
    { path: `^src/${name}/` },
    { path: "^src/", pathNot: `^src/(${[name, ...rings[name].imports].map(place).join("|")})`, ...values },
    `${name}/ may import values from: ${listed(rings[name].imports)}. Ask for the rest through a parameter or a port; src/app wires it.`,
  );

const packagesOf = (name) =>
  rule(
    `packages-of-${name}`,
    { path: `^src/${name}/` },
    { dependencyTypes: npm, pathNot: `node_modules/(${[...rings[name].packages.map(escaped), "@types"].join("|")})/` },
    `${name}/ may use these packages: ${listed(rings[name].packages)}. Each driver has one home; ask it for a port.`,
  );

const noIo = (name) =>
  rule(
    `no-io-in-${name}`,
    { path: `^src/${name}/` },
    { dependencyTypes: ["core"], ...(core.includes(name) ? {} : values) },
    `${name}/ takes time, ids, text and answers as arguments; what waits, reads or sends is at the edge.`,
  );

const alone = (name, folder, comment) =>
  rule(
    name,
    { path: `^src/${folder}/([^/]+)[.]ts$` },
    { path: `^src/${folder}/[^/]+[.]ts$`, pathNot: `/$1[.]ts$` },
    comment,
  );

export default {
  forbidden: [
    rule("no-circular", {}, { circular: true }, "Two files that need each other are one file, or three."),
    rule(
      "every-folder-has-a-ring",
      { path: "^src/[^/]+/", pathNot: folders(names) },
      {},
      "A folder of src needs its line in the table above and in ARCHITECTURE.md.",
    ),
    ...inner.map(ring),
    ...inner.map(packagesOf),
    ...inner.filter((name) => !rings[name].io).map(noIo),
    rule(
      "core-knows-only-core",
      { path: folders(core) },
      { path: "^src/", pathNot: folders(core) },
      "The core does not know even the types of the rings outside it. Declare the shape here; the outside will fit it.",
    ),
    alone(
      "actions-stand-alone",
      "actions/[^/]+",
      "Runbooks compose checks and actions; these do not compose each other.",
    ),
    alone("collectors-stand-alone", "exporter/collectors", "A collector can be deleted without touching another."),
    rule(
      "sandbox-stays-in-the-sandbox",
      { path: "^src/", pathNot: folders(["sandbox", "app", "cli"]) },
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
    rule(
      "sqlite-in-store",
      { path: "^src/", pathNot: "^src/store/sqlite/" },
      { path: "^(node:)?sqlite$" },
      "Only store/sqlite opens databases; ask it for a store.",
    ),
    rule(
      "drivers-stay-home",
      { path: "^src/(app|cli)/|^src/main[.]ts$" },
      { path: `node_modules/(${drivers.map(escaped).join("|")})/`, ...values },
      "Each driver has one home among the edges; app and cli ask it for a port.",
    ),
    rule(
      "no-dev-packages",
      { path: "^src/" },
      { dependencyTypes: ["npm-dev"], pathNot: "node_modules/@types/", ...values },
      "The image installs without them (npm ci --omit=dev).",
    ),
    rule("resolvable", { path: "^src/" }, { couldNotResolve: true }, "An import that leads nowhere."),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
