import type { NativeSample } from "./collector.ts";
import { sampleOf } from "./exposition.ts";
import { sampleNames, type PageFamily } from "./passthrough/page-family.ts";
import type { TakeSample } from "./passthrough/page-reader.ts";

/** NativeCapture keeps those samples of a page that collectors want. */
export type NativeCapture = {
  readonly samples: readonly NativeSample[];
  /** Gives what is to see each sample of a family; undefined when nobody wants any of it. */
  readonly of: (family: PageFamily) => TakeSample | undefined;
};

/** Creates a capture of these names (without the prefix: `vault_`, `openbao_`, in OpenBao whatever is configured, and perhaps a host's name). */
export function createNativeCapture(names: readonly string[]): NativeCapture {
  const samples: NativeSample[] = [];
  return {
    samples,
    of: (family) => {
      const own = sampleNames(family);
      const wanted = names.filter((name) => own.some((sample) => sample.endsWith(`_${name}`)));
      if (wanted.length === 0) return undefined;
      return (bytes, shape) => {
        const sample = sampleOf(bytes, shape);
        const name = wanted.find((suffix) => sample?.name.endsWith(`_${suffix}`));
        if (sample !== undefined && name !== undefined) samples.push({ ...sample, name });
      };
    },
  };
}
