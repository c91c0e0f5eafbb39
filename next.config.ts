import type { NextConfig } from "next";

const config: NextConfig = {
  typedRoutes: true,
  poweredByHeader: false,
  // `npm run verify` checks types; a start should not wait for it.
  typescript: { ignoreBuildErrors: true },
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
