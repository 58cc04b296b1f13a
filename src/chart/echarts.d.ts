/* The package types its bundle only as CommonJS; this is the same API in one file, which loads ten times faster than its modules. */
declare module "echarts/dist/echarts.esm.min.mjs" {
  export * from "echarts";
}
