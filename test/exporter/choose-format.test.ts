import { describe, expect, it } from "@jest/globals";
import { chooseFormat } from "../../src/exporter/choose-format.ts";

describe("chooseFormat", () => {
  it.each([
    { name: "nobody says anything", accept: undefined, format: "text" },
    { name: "an empty header", accept: "", format: "text" },
    { name: "curl", accept: "*/*", format: "text" },
    { name: "a browser", accept: "text/html,application/xhtml+xml,*/*;q=0.8", format: "text" },
    {
      name: "Prometheus 2.42",
      accept:
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      format: "openmetrics",
    },
    {
      name: "Prometheus 3",
      accept:
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
      format: "openmetrics",
    },
    {
      name: "a Prometheus that wants protobuf first",
      accept:
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.5",
      format: "text",
    },
    { name: "OpenMetrics without a version", accept: "application/openmetrics-text", format: "openmetrics" },
    {
      name: "only an OpenMetrics that we do not write",
      accept: "application/openmetrics-text;version=0.0.1",
      format: "text",
    },
    { name: "OpenMetrics refused", accept: "application/openmetrics-text;version=1.0.0;q=0,*/*", format: "text" },
    {
      name: "text liked better",
      accept: "application/openmetrics-text;version=1.0.0;q=0.3,text/plain;q=0.9",
      format: "text",
    },
    { name: "quotes and capitals", accept: 'Application/OpenMetrics-Text; Version="1.0.0"', format: "openmetrics" },
    { name: "rubbish", accept: ";;;,q=,=;q=x", format: "text" },
  ])("$name: $format", ({ accept, format }) => {
    expect(chooseFormat(accept)).toBe(format);
  });
});
