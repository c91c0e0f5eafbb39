"use client";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useEffect, useRef } from "react";
import { useLive } from "../../providers/live";
import { useProject } from "../../providers/project";
import { useTRPC } from "../../providers/trpc";
import { ArrowsRow } from "./arrows-row";
import { CoverageBar } from "./coverage-bar";
import { processFilters } from "./filters";
import { ItemsTable } from "./items-table";
import { AcrossRow, StepColumns } from "./step-columns";
import { StepSheet } from "./step-sheet";

/** The process of the project: a map of its steps, or the table of its 78 items. */
export function ProcessView() {
  const trpc = useTRPC();
  const project = useProject();
  const [{ view, step, ...filters }, setFilters] = useQueryStates(processFilters);
  const { data: map } = useSuspenseQuery(trpc.projects.processMap.queryOptions({ projectId: project.id }));
  useFollowEverything();
  const open = (id: string) => setFilters({ step: map.steps.find((one) => one.id === id)?.id ?? null });
  const shown = map.steps.find((one) => one.id === step);
  return (
    <div className="flex flex-col gap-4">
      <CoverageBar map={map} />
      {view === "table" ? (
        <div>
          <ItemsTable map={map} filters={filters} onFilter={(change) => void setFilters(change)} />
        </div>
      ) : (
        <>
          <StepColumns map={map} onOpen={(id) => void open(id)} />
          <ArrowsRow arrows={map.arrows} />
          <AcrossRow map={map} onOpen={(id) => void open(id)} />
        </>
      )}
      {shown && (
        <StepSheet
          step={shown}
          items={map.items.filter((item) => item.step === shown.id)}
          onClose={() => void setFilters({ step: null })}
        />
      )}
    </div>
  );
}

/** Changes that come close together are read once; the map is about all of them and costs more than a list. */
const GATHER_MS = 2_000;

/** Reads the map again after a change of any domain. */
function useFollowEverything(): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useLive((message) => {
    if (message.type !== "change") return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queryClient.invalidateQueries(trpc.projects.processMap.pathFilter());
    }, GATHER_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
