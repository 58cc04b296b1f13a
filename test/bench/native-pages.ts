import { readFileSync } from "node:fs";

const NAMES = ["openbao-old-leader", "openbao-active", "openbao-standby", "openbao-standby", "openbao-standby"];

/** The recorded pages of five nodes, each made so large by repeating Vault's families under other names; the second node is the active one. */
export function nativePages(bytes: number): readonly Buffer[] {
  return NAMES.map((name) =>
    enlarged(readFileSync(new URL(`../fixtures/native/${name}.txt`, import.meta.url), "utf8"), bytes),
  );
}

/** Repeats families until the page has so many bytes, in the order of their names, as Vault writes them. */
function enlarged(page: string, bytes: number): Buffer {
  const blocks = page.split(/(?=^# HELP )/mu);
  const copies = Math.max(1, Math.round(bytes / page.length));
  const all = blocks.flatMap((block) => {
    const name = nameOf(block);
    return Array.from({ length: name.startsWith("vault_") ? copies : 1 }, (_copy, index) =>
      index === 0 ? block : block.replaceAll(name, `${name}_m${String(index).padStart(4, "0")}`),
    );
  });
  return Buffer.from(all.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)).join(""));
}

function nameOf(block: string): string {
  return block.split(" ", 3)[2] ?? "";
}
