import { AppError } from "@/domain/errors";
import type { EnvironmentName } from "@/domain/promotions/status";
import type { DesiredDeployment } from "./desired-deployments";
import type { HostState, ModelHost } from "./model-host";

/** A deployment with the process that answers for it. */
export type Served = { readonly deployment: DesiredDeployment; readonly host: ModelHost };
export type MakeHost = (deployment: DesiredDeployment) => ModelHost;

const keyOf = (deployment: Pick<DesiredDeployment, "projectId" | "model" | "environment">) =>
  `${deployment.projectId}/${deployment.environment}/${deployment.model}`;

/** Versions of the same file and contract share a process. */
const hostKeyOf = (deployment: Pick<DesiredDeployment, "digest" | "signature">) =>
  `${deployment.digest} ${JSON.stringify(deployment.signature)}`;

const LOADING: HostState = { isReady: false, isSettled: false, detail: "The model is loading." };

/**
 * What this gateway holds and where requests go. A new active deployment takes over when its model is ready;
 * until then the one before keeps answering. A stop of traffic holds at once.
 */
export class DeploymentSet {
  private desired: readonly DesiredDeployment[] = [];
  private readonly hosts = new Map<string, ModelHost>();
  private readonly routes = new Map<string, Served>();
  private isKnown = false;

  constructor(private readonly makeHost: MakeHost) {}

  /** Takes a list of all desired deployments: begins to load what is new and ends what nobody needs. */
  apply(list: readonly DesiredDeployment[]): void {
    this.desired = list;
    this.isKnown = true;
    for (const deployment of list) {
      if (!this.hosts.has(hostKeyOf(deployment))) this.hosts.set(hostKeyOf(deployment), this.makeHost(deployment));
    }
    this.settle();
  }

  /** Moves routes to deployments that became ready. Called when the list or a host changes. */
  settle(): void {
    const active = new Map(
      this.desired
        .filter((deployment) => deployment.state === "active")
        .map((deployment) => [keyOf(deployment), deployment]),
    );
    for (const key of [...this.routes.keys()]) if (!active.has(key)) this.routes.delete(key);
    for (const [key, deployment] of active) {
      const host = this.hosts.get(hostKeyOf(deployment));
      const before = this.routes.get(key);
      if (host && (host.state.isReady || !before || hostKeyOf(before.deployment) === hostKeyOf(deployment)))
        this.routes.set(key, { deployment, host });
    }
    this.endUnused();
  }

  /** The deployment that answers for a model. `not_found` where the project has none, `unavailable` while traffic is stopped. */
  resolve(projectId: string, model: string, environment: EnvironmentName): Served {
    const route = this.routes.get(keyOf({ projectId, model, environment }));
    if (!route) throw new AppError("not_found", "model", `No model ${model} is deployed in ${environment}.`);
    const { stopReason } = this.wanted(route.deployment) ?? route.deployment;
    if (stopReason !== null)
      throw new AppError(
        "unavailable",
        "traffic_stopped",
        `Traffic of ${model} in ${environment} is stopped${stopReason ? `: ${stopReason}` : "."}`,
      );
    return route;
  }

  /** Any held deployment by its id, also one that has no traffic yet. */
  byId(id: string): Served {
    const deployment = this.desired.find((candidate) => candidate.id === id);
    const host = deployment && this.hosts.get(hostKeyOf(deployment));
    if (!host) throw new AppError("not_found", "deployment", "This gateway holds no such deployment.");
    return { deployment, host };
  }

  /** What to tell of each desired deployment. */
  reports(): readonly ({ readonly deployment: DesiredDeployment } & HostState)[] {
    return this.desired.map((deployment) => ({
      deployment,
      ...(this.hosts.get(hostKeyOf(deployment))?.state ?? LOADING),
    }));
  }

  /**
   * Ready when the list is known and nothing with traffic is still in its first load. A model that does not load is
   * reported as such and keeps nobody else's requests away from this gateway.
   */
  get isReady(): boolean {
    return (
      this.isKnown && this.reports().every(({ deployment, isSettled }) => deployment.state !== "active" || isSettled)
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.close()));
  }

  /** The newest word on the traffic of a model: the stop belongs to model and environment, not to one deployment. */
  private wanted(deployment: DesiredDeployment): DesiredDeployment | undefined {
    const key = keyOf(deployment);
    return this.desired.find((candidate) => candidate.state === "active" && keyOf(candidate) === key);
  }

  private endUnused(): void {
    const needed = new Set([
      ...this.desired.map(hostKeyOf),
      ...[...this.routes.values()].map((route) => hostKeyOf(route.deployment)),
    ]);
    for (const [key, host] of this.hosts) {
      if (needed.has(key)) continue;
      this.hosts.delete(key);
      void host.close();
    }
  }
}
