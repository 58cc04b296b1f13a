import type { Family, FamilyDeclaration, Sample } from "./collector.ts";

/** Declares a gauge; `labels` are those besides `vault_cluster`. */
export function gauge(name: Family["name"], help: string, labels: readonly string[] = []): FamilyDeclaration {
  return { name, help, type: "gauge", labels };
}

/** Declares a counter; its name ends in `_total`, and `labels` are those besides `vault_cluster`. */
export function counter(name: Family["name"], help: string, labels: readonly string[] = []): FamilyDeclaration {
  return { name, help, type: "counter", labels };
}

/** Gives a declared family its samples. */
export function withSamples({ name, help, type }: FamilyDeclaration, samples: readonly Sample[]): Family {
  return { name, help, type, samples };
}

/** Gives a declared family its only sample, without labels; undefined is "not known" and gives no sample. */
export function withValue(declaration: FamilyDeclaration, value: number | undefined): Family {
  return withSamples(declaration, value === undefined ? [] : [{ value }]);
}
