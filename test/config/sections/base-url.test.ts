import { describe, expect, it } from "@jest/globals";
import { BaseUrl } from "../../../src/config/sections/base-url.ts";

describe("a base address", () => {
  it.each(["https://prometheus.example", "http://127.0.0.1:9090/", "https://metrics.example/prometheus/eu"])(
    "may be %s",
    (url) => {
      expect(BaseUrl.parse(url)).toBe(url);
    },
  );

  it.each([
    "https://reader@prometheus.example",
    "https://:hunter2@prometheus.example",
    "https://prometheus.example/?token=hunter2",
    "https://prometheus.example/#hunter2",
    "ftp://prometheus.example",
    "prometheus.example:9090",
  ])("may not be %s, and what is said of it does not repeat it", (url) => {
    const { error } = BaseUrl.safeParse(url);
    expect(error?.issues).toHaveLength(1);
    expect(JSON.stringify(error?.issues)).not.toContain("hunter2");
  });
});
