import { labelIs, labelOffsets, type SampleShape } from "../scan-sample.ts";

const OWN_NAMES = ["vault_cluster", "vault_node"];
const [CLUSTER, NODE] = [Buffer.from("vault_cluster"), Buffer.from("vault_node")];

/** Writes the labels that every series gets, with the brace in front of them and without the one behind. */
export function ownLabels(cluster: string, node: string): string {
  return `{vault_cluster="${escaped(cluster)}",vault_node="${escaped(node)}"`;
}

/** Tells whether a series has a label that we give to every series. */
export function hasOwnLabel(bytes: Buffer, shape: SampleShape): boolean {
  for (let index = 0; index < shape.labelCount; index += 1)
    if (labelIs(bytes, shape, index, CLUSTER) || labelIs(bytes, shape, index, NODE)) return true;
  return false;
}

/** Writes a series' labels, in latin1, with `exported_` in front of those names that are ours, as Prometheus does with a target's. */
export function exportedLabels(bytes: Buffer, shape: SampleShape): string {
  const labels = Array.from({ length: shape.labelCount }, (_label, index) => {
    const [nameFrom, nameTo, valueFrom, valueTo] = labelOffsets(shape, index);
    return { name: bytes.toString("latin1", nameFrom, nameTo), value: bytes.toString("latin1", valueFrom, valueTo) };
  });
  const taken = new Set([...OWN_NAMES, ...labels.map(({ name }) => name)]);
  return labels.map(({ name, value }) => `${OWN_NAMES.includes(name) ? free(name, taken) : name}="${value}"`).join(",");
}

function free(name: string, taken: Set<string>): string {
  let other = `exported_${name}`;
  while (taken.has(other)) other = `exported_${other}`;
  taken.add(other);
  return other;
}

function escaped(text: string): string {
  return text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}
