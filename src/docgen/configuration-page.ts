import { generatedNote, markdownTable } from "./markdown.ts";

/** The parts of a JSON Schema that the page reads. */
type Schema = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

/** Writes `docs/configuration.md` from the JSON Schema of the configuration: every key, its type, its default. */
export function configurationPage(schema: Readonly<Record<string, unknown>>): string {
  return `${generatedNote("src/config/schema.ts")}

# Configuration

One YAML file. Unknown keys are refused with file, line, column and the nearest known key; \`sealwatch config check FILE\` judges it with the code that
the server runs. Secrets are never in it: a secret is \`{ file: … }\` (read again when it changes) or \`{ env: … }\`.

${markdownTable(["key", "type", "default", "what it is"], rowsOf(schema, ""))}
`;
}

function rowsOf(schema: Schema, prefix: string): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const inner = value.items ?? value;
    const nested =
      inner.properties === undefined ? [] : rowsOf(inner, value.items === undefined ? `${name}.` : `${name}[].`);
    const required = schema.required?.includes(key) === true && value.default === undefined;
    return [
      [`\`${name}\``, typeOf(value), required ? "**required**" : defaultOf(value), value.description ?? ""],
      ...nested,
    ];
  });
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.properties !== undefined) {
    const keys = Object.keys(schema.properties);
    return keys.length === 1 ? `\`{ ${keys[0]}: … }\`` : "map";
  }
  return typeof schema.type === "string" ? schema.type : "any";
}

function defaultOf(schema: Schema): string {
  return schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``;
}
