"use client";
import { LayoutGrid, Table2 } from "lucide-react";
import { useQueryStates } from "nuqs";
import { Button } from "../../ui/button";
import { processFilters } from "./filters";

/** Map or table; the choice stands in the address. */
export function ViewSwitch() {
  const [{ view }, setFilters] = useQueryStates(processFilters);
  const isTable = view === "table";
  return (
    <Button onClick={() => void setFilters({ view: isTable ? "map" : "table" })}>
      {isTable ? <LayoutGrid aria-hidden /> : <Table2 aria-hidden />}
      {isTable ? "Map" : "Table"}
    </Button>
  );
}
