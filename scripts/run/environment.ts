import { cacheFolder } from "../system/platform-folders";
import type { Ports } from "../system/ports";
import type { Secrets } from "./secrets";

type Settings = {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly isDevelopment: boolean;
};

/** Where people and programs reach the two servers; behind a proxy the operator names them. */
export function publicAddresses(ports: Ports): { readonly url: string; readonly gatewayUrl: string } {
  return {
    url: process.env.COUNTERSIGN_URL ?? `http://localhost:${ports.web}`,
    gatewayUrl: process.env.COUNTERSIGN_GATEWAY_URL ?? `http://localhost:${ports.gateway}`,
  };
}

/** The environment of web, worker and gateway, as `server/config/config.ts` reads it. */
export function environmentOf({
  dataDir,
  ports,
  secrets,
  databaseUrl,
  temporalAddress,
  isDevelopment,
}: Settings): NodeJS.ProcessEnv {
  const { url, gatewayUrl } = publicAddresses(ports);
  return {
    ...process.env,
    NODE_ENV: isDevelopment ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    COUNTERSIGN_DATA_DIR: dataDir,
    COUNTERSIGN_CACHE_DIR: cacheFolder(),
    COUNTERSIGN_HOST: process.env.COUNTERSIGN_HOST ?? "127.0.0.1",
    COUNTERSIGN_PORT: String(ports.web),
    COUNTERSIGN_URL: url,
    COUNTERSIGN_GATEWAY_PORT: String(ports.gateway),
    COUNTERSIGN_GATEWAY_URL: gatewayUrl,
    COUNTERSIGN_AUTH_SECRET: process.env.COUNTERSIGN_AUTH_SECRET ?? secrets.authSecret,
    COUNTERSIGN_INTERNAL_SECRET: process.env.COUNTERSIGN_INTERNAL_SECRET ?? secrets.internalSecret,
    COUNTERSIGN_IS_DEVELOPMENT: String(isDevelopment),
  };
}
