import type { VaultNode } from "../vault/cluster.ts";
import { auditHash } from "../vault/endpoints/audit-hash.ts";

/** More values are a list to look through in another way: each is a call, and an audited one. */
export const MOST_VALUES = 1000;

/** Values are hashed so many at a time: a server must not feel an investigation. */
export const AT_ONCE = 8;

/** How one look at many values goes. */
export type HashOptions = {
  readonly node: VaultNode;
  readonly device: string;
  readonly signal: AbortSignal;
};

/** Asks Vault how an audit device writes this value. */
export async function hashValue({ node, device, signal }: HashOptions, value: string): Promise<string> {
  return await node.read(auditHash(device, value), { signal });
}

/** Does something with each of many, a few at a time, until `enough` says so; the first failure ends it. */
export async function withEach<T>(
  items: readonly T[],
  task: (item: T) => Promise<void>,
  enough: () => boolean = () => false,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (enough()) return;
      await task(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}

/** Hashes values, in their order. */
export async function hashValues(options: HashOptions, values: readonly string[]): Promise<readonly string[]> {
  const hashes: string[] = [];
  await withEach([...values.keys()], async (index) => {
    hashes[index] = await hashValue(options, values[index] ?? "");
  });
  return hashes;
}
