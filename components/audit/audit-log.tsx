"use client";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { DataTable } from "../data/data-table";
import { FilterBar, FilterChip } from "../data/filters";
import { LoadMore } from "../data/table-tools";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button, buttonVariants } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { ErrorPanel } from "../ui/error-panel";
import { Input } from "../ui/field";
import { TableSkeleton } from "../ui/skeleton";
import { auditColumns } from "./audit-columns";
import { AuditProof } from "./audit-proof";
import { auditFilters, auditInput, auditPaging } from "./filters";

/** The project's trail. */
export function ProjectAudit() {
  const project = useProject();
  return <AuditLog projectId={project.id} aside={<ExportLink projectId={project.id} />} />;
}

/** The trail of all projects. */
export function OrganisationAudit() {
  return <AuditLog projectId={null} />;
}

function ExportLink({ projectId }: { projectId: string }) {
  const permission = usePermission("audit.export");
  if (!permission.allowed) {
    return (
      <Button size="sm" disabledReason={permission.reason}>
        <Download aria-hidden />
        Export
      </Button>
    );
  }
  return (
    <a href={`/api/v1/projects/${projectId}/audit.ndjson`} download className={buttonVariants({ size: "sm" })}>
      <Download aria-hidden />
      Export
    </a>
  );
}

function AuditLog({ projectId, aside }: { projectId: string | null; aside?: ReactNode }) {
  const [filters, setFilters] = useQueryStates(auditFilters);
  const log = useAuditLog(projectId);
  const events = log.data?.pages.flatMap((page) => page.events) ?? [];
  const isFiltered =
    filters.action.length > 0 || filters.who.length > 0 || filters.from !== null || filters.to !== null;
  const clear = () => void setFilters({ action: null, who: null, from: null, to: null });
  return (
    <>
      <AuditFilterBar projectId={projectId} isFiltered={isFiltered} onClear={clear} aside={aside} />
      {log.isPending && <TableSkeleton rows={12} columns={5} />}
      {log.isError && <ErrorPanel error={log.error} onRetry={() => void log.refetch()} />}
      {log.isSuccess && events.length === 0 && <Nothing isFiltered={isFiltered} onClear={clear} />}
      {events.length > 0 && (
        <DataTable
          label="Audit events"
          rows={events}
          columns={auditColumns((event) => void setFilters({ event }))}
          rowKey={(event) => event.id}
          isRefreshing={log.isPlaceholderData}
          footer={
            <LoadMore
              shown={events.length}
              noun="event"
              hasMore={log.hasNextPage}
              isLoading={log.isFetchingNextPage}
              onLoad={() => void log.fetchNextPage()}
            />
          }
        />
      )}
      {filters.event && (
        <AuditProof projectId={projectId} eventId={filters.event} onClose={() => void setFilters({ event: null })} />
      )}
    </>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  return isFiltered ? (
    <EmptyState
      title="No events match"
      hint="Another filter may have some."
      action={<Button onClick={onClear}>Clear filters</Button>}
    />
  ) : (
    <EmptyState
      title="No events yet"
      hint="Everything that is done here leaves a line: who, what, when, with its digest."
    />
  );
}

function useAuditLog(projectId: string | null) {
  const trpc = useTRPC();
  const [filters] = useQueryStates(auditFilters);
  const input = auditInput(filters);
  const paging = { ...auditPaging, placeholderData: keepPreviousData };
  const ofProject = useInfiniteQuery({
    ...trpc.audit.list.infiniteQueryOptions({ ...input, projectId: projectId ?? "" }, paging),
    enabled: projectId !== null,
  });
  const ofAll = useInfiniteQuery({
    ...trpc.audit.listOrganisation.infiniteQueryOptions(input, paging),
    enabled: projectId === null,
  });
  return projectId === null ? ofAll : ofProject;
}

function useFacets(projectId: string | null) {
  const trpc = useTRPC();
  const ofProject = useQuery({
    ...trpc.audit.facets.queryOptions({ projectId: projectId ?? "" }),
    enabled: projectId !== null,
  });
  const ofAll = useQuery({ ...trpc.audit.facetsOrganisation.queryOptions(), enabled: projectId === null });
  return (projectId === null ? ofAll : ofProject).data ?? { actions: [], actors: [] };
}

type BarProps = { projectId: string | null; isFiltered: boolean; onClear: () => void; aside?: ReactNode };

function AuditFilterBar({ projectId, isFiltered, onClear, aside }: BarProps) {
  const [filters, setFilters] = useQueryStates(auditFilters);
  const facets = useFacets(projectId);
  const day = (value: Date | null) => value?.toISOString().slice(0, 10) ?? "";
  const dateOf = (text: string) => (text === "" ? null : new Date(`${text}T00:00:00Z`));
  return (
    <FilterBar isFiltered={isFiltered} onClear={onClear} summary={aside}>
      <FilterChip
        label="Action"
        options={facets.actions.map((action) => ({ value: action, label: action }))}
        selected={filters.action}
        onChange={(action) => void setFilters({ action })}
      />
      <FilterChip
        label="Who"
        options={facets.actors.map(({ id, name }) => ({ value: id, label: name }))}
        selected={filters.who}
        onChange={(who) => void setFilters({ who })}
      />
      <Input
        type="date"
        aria-label="From day"
        className="h-6 w-32 px-1.5 text-xs"
        value={day(filters.from)}
        onChange={(event) => void setFilters({ from: dateOf(event.target.value) })}
      />
      <span aria-hidden className="text-xs text-muted">
        to
      </span>
      <Input
        type="date"
        aria-label="To day"
        className="h-6 w-32 px-1.5 text-xs"
        value={day(filters.to)}
        onChange={(event) => void setFilters({ to: dateOf(event.target.value) })}
      />
    </FilterBar>
  );
}
