import type { NextConfig } from "next";

const config: NextConfig = {
  typedRoutes: true,
  poweredByHeader: false,
  serverExternalPackages: [
    "@temporalio/client",
    "@temporalio/common",
    "@temporalio/proto",
    "@temporalio/envconfig",
    "@grpc/grpc-js",
    "protobufjs",
    "@duckdb/node-api",
    "onnxruntime-node",
    "@node-rs/argon2",
    "postgres",
    "pino",
  ],
};

export default config;
